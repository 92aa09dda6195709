import { Buffer } from 'node:buffer';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { BLOB_FAULTS, BlobFault } from '@bioscope/blob';
import type { BlobFaultCode } from '@bioscope/blob';
import { KV_FAULTS, KvFault } from '@bioscope/kv';
import type { KvFaultCode } from '@bioscope/kv';
import { RpcError } from '@bioscope/rpc';
import type { Code } from '@bioscope/rpc';
import { FaultSchema } from '../../contract/index.ts';
import type { Fault } from '../../contract/index.ts';

/** How a port's fault looks to those who speak only RPC; by code without its port's prefix. */
const RPC_CODES: Readonly<Record<string, Code>> = {
  BAD_REQUEST: 'invalid_argument',
  BAD_KEY: 'invalid_argument',
  TOO_LARGE: 'invalid_argument',
  RANGE: 'out_of_range',
  CHECKSUM: 'failed_precondition',
  REPLACED: 'aborted',
  UNKNOWN_UPLOAD: 'not_found',
  NO_SPACE: 'resource_exhausted',
  DEADLINE: 'deadline_exceeded',
  UNAVAILABLE: 'unavailable',
};
const DETAIL = FaultSchema.typeName;

/** The fault as it travels; null for what is no port's fault. A store that is closed here is one that is away for whoever is elsewhere. */
export function faultOf(error: unknown): { code: string; message: string } | null {
  if (!(error instanceof KvFault) && !(error instanceof BlobFault)) return null;
  return error.code === 'KV_CLOSED'
    ? { code: 'KV_UNAVAILABLE', message: 'the storage is closing' }
    : { code: error.code, message: error.message };
}

/** What a handler throws for a fault of its port; anything else as it is. */
export function asRpcError(error: unknown): unknown {
  const fault = faultOf(error);
  if (fault === null) return error;
  const value = Buffer.from(toBinary(FaultSchema, create(FaultSchema, fault)))
    .toString('base64')
    .replace(/=+$/, '');
  return new RpcError(RPC_CODES[fault.code.replace(/^(?:KV|BLOB)_/, '')] ?? 'unknown', fault.message, {
    cause: error,
    details: [{ type: DETAIL, value }],
  });
}

export function kvFaultFrom({ code, message }: Pick<Fault, 'code' | 'message'>): KvFault {
  return new KvFault(Object.hasOwn(KV_FAULTS, code) ? (code as KvFaultCode) : 'KV_UNAVAILABLE', message);
}

export function blobFaultFrom({ code, message }: Pick<Fault, 'code' | 'message'>): BlobFault {
  return new BlobFault(Object.hasOwn(BLOB_FAULTS, code) ? (code as BlobFaultCode) : 'BLOB_UNAVAILABLE', message);
}

/** What a caller of `kv` or `log` gets for a call that failed on its way or over there. */
export function asKvFault(error: unknown): KvFault {
  if (error instanceof KvFault) return error;
  // Nothing was sent: a value of a kind that the contract cannot hold.
  if (!(error instanceof RpcError)) return new KvFault('KV_BAD_REQUEST', 'the request cannot be written down', { cause: error });
  const fault = detailOf(error);
  if (fault !== null) return kvFaultFrom(fault);
  return new KvFault(KV_CODES[error.code] ?? 'KV_UNAVAILABLE', `the storage: ${error.message}`, { cause: error });
}

/** The same for callers of `blob`. */
export function asBlobFault(error: unknown): BlobFault {
  if (error instanceof BlobFault) return error;
  const fault = error instanceof RpcError ? detailOf(error) : null;
  if (fault !== null) return blobFaultFrom(fault);
  const message = error instanceof Error ? error.message : String(error);
  return new BlobFault('BLOB_UNAVAILABLE', `The storage: ${message}.`, { cause: error });
}

const KV_CODES: Readonly<Partial<Record<Code, KvFaultCode>>> = {
  invalid_argument: 'KV_BAD_REQUEST',
  resource_exhausted: 'KV_TOO_LARGE',
  deadline_exceeded: 'KV_DEADLINE',
  canceled: 'KV_DEADLINE',
};

function detailOf(error: RpcError): Fault | null {
  const detail = error.details.find(({ type }) => type === DETAIL);
  return detail === undefined ? null : fromBinary(FaultSchema, Buffer.from(detail.value, 'base64'));
}
