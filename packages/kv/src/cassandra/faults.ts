import { errors, types } from 'cassandra-driver';
import { KvFault } from '../port.ts';

const { responseErrorCodes } = types;

/**
 * What an error of the driver means for a caller. A timeout of the server or of the driver says that the outcome of a write is unknown
 * (`KV_DEADLINE`); everything else that goes by itself is `KV_UNAVAILABLE`.
 */
export function faultOf(error: unknown): KvFault {
  if (error instanceof KvFault) return error;
  if (error instanceof errors.NoHostAvailableError) return faultOfHosts(error);
  if (error instanceof errors.OperationTimedOutError)
    return new KvFault('KV_DEADLINE', 'the cluster did not answer in time; a write may still happen', { cause: error });
  if (error instanceof errors.ResponseError) return faultOfResponse(error);
  const message = error instanceof Error ? error.message : String(error);
  return new KvFault('KV_UNAVAILABLE', `the cluster could not be asked: ${message}`, { cause: error });
}

/** Whether the write may have happened although the answer is an error. */
export function isAmbiguous(error: unknown): boolean {
  if (error instanceof errors.OperationTimedOutError) return true;
  if (error instanceof errors.ResponseError) return AMBIGUOUS.has(error.code);
  if (error instanceof errors.NoHostAvailableError) return Object.values(innerErrors(error)).some(isAmbiguous);
  // The driver's word for a node that it believes to be down: it was not asked.
  if (typeof error === 'string') return false;
  // A connection that broke under way: the request may have arrived.
  return !(error instanceof KvFault);
}

function faultOfHosts(error: errors.NoHostAvailableError): KvFault {
  const inner = Object.entries(innerErrors(error));
  const because = inner.map(([host, each]) => `${host}: ${each instanceof Error ? each.message : String(each)}`).join('; ');
  if (inner.some(([, each]) => isAmbiguous(each)))
    return new KvFault('KV_DEADLINE', `no node answered in time; a write may still happen (${because})`, { cause: error });
  return new KvFault('KV_UNAVAILABLE', `no node of the cluster could be asked${because === '' ? '' : ` (${because})`}`, { cause: error });
}

function faultOfResponse(error: errors.ResponseError): KvFault {
  if (AMBIGUOUS.has(error.code))
    return new KvFault('KV_DEADLINE', `the cluster's nodes did not agree in time; a write may still happen (${error.message})`, {
      cause: error,
    });
  return new KvFault('KV_UNAVAILABLE', `the cluster refused: ${error.message}`, { cause: error });
}

/** Empty hosts that are known to be down have no error of their own. */
function innerErrors(error: errors.NoHostAvailableError): Readonly<Record<string, unknown>> {
  return (error.innerErrors ?? {}) as Readonly<Record<string, unknown>>;
}

/** CAS_WRITE_UNKNOWN of protocol v5, which the driver's table lacks. */
const CAS_WRITE_UNKNOWN = 0x1700;
const AMBIGUOUS: ReadonlySet<number> = new Set([
  responseErrorCodes.writeTimeout,
  responseErrorCodes.readTimeout,
  responseErrorCodes.writeFailure,
  CAS_WRITE_UNKNOWN,
]);
