import { KvFault, type KvFaultCode } from '@bioscope/kv';
import { MultipleErrors, NetworkError, ProtocolError, protocolErrorsCodesById, ResponseError } from '@platformatic/kafka';

/** No connection came about: nothing was asked. Every other failure may have happened on the way back. */
export class UnreachableError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'UnreachableError';
  }
}

/** Asked, and no answer within the time. */
export class NoAnswerError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NoAnswerError';
  }
}

/** What the broker refused with (`NOT_COORDINATOR`, …: error ids of the Kafka protocol); null when it did not answer at all. */
export function refusalOf(error: unknown): string | null {
  if (error instanceof ProtocolError) return String(error['apiId']);
  if (!(error instanceof MultipleErrors)) return null;
  for (const inner of error.errors) {
    const refusal = refusalOf(inner);
    if (refusal !== null) return refusal;
  }
  return null;
}

/** Refusals of single topics and partitions come with the others' answers: this takes them as an answer, in which they are to be looked for. */
export async function withRefusals<Answer>(asked: Promise<Answer>): Promise<Answer> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ResponseError) return error['response'] as Answer;
    throw error;
  }
}

export function refusalOfCode(code: number): string | null {
  return code === 0 ? null : (protocolErrorsCodesById[code] ?? `error ${code}`);
}

/** What a caller of the port gets. The outcome of a write that was sent and not answered is unknown: `KV_DEADLINE`. */
export function toFault(doing: string, error: unknown): KvFault {
  if (error instanceof KvFault) return error;
  return new KvFault(codeOf(error), `${doing}: ${messageOf(error)}`, { cause: error });
}

export function faultOfRefusal(doing: string, refusal: string): KvFault {
  return new KvFault(codeOfRefusal(refusal), `${doing}: the broker refused with ${refusal}`);
}

/** Whether asking again, perhaps elsewhere, can help. */
export function isPassingRefusal(refusal: string): boolean {
  return codeOfRefusal(refusal) === 'KV_UNAVAILABLE' || codeOfRefusal(refusal) === 'KV_NO_SPACE';
}

export function messageOf(error: unknown): string {
  const refusal = refusalOf(error);
  if (refusal !== null) return `the broker refused with ${refusal}`;
  if (error instanceof MultipleErrors) return error.errors.map(messageOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}

function codeOf(error: unknown): KvFaultCode {
  if (error instanceof NoAnswerError) return 'KV_DEADLINE';
  if (error instanceof UnreachableError || error instanceof NetworkError) return 'KV_UNAVAILABLE';
  const refusal = refusalOf(error);
  return refusal === null ? 'KV_UNAVAILABLE' : codeOfRefusal(refusal);
}

function codeOfRefusal(refusal: string): KvFaultCode {
  return LASTING_REFUSALS.get(refusal) ?? 'KV_UNAVAILABLE';
}

/** The broker's log folder is out of order, which a full disk is by far the most frequent reason for, is `KAFKA_STORAGE_ERROR`. */
const LASTING_REFUSALS: ReadonlyMap<string, KvFaultCode> = new Map<string, KvFaultCode>([
  ['MESSAGE_TOO_LARGE', 'KV_TOO_LARGE'],
  ['RECORD_LIST_TOO_LARGE', 'KV_TOO_LARGE'],
  ['KAFKA_STORAGE_ERROR', 'KV_NO_SPACE'],
  ['INVALID_RECORD', 'KV_BAD_REQUEST'],
  ['INVALID_TIMESTAMP', 'KV_BAD_REQUEST'],
  ['INVALID_TOPIC_EXCEPTION', 'KV_BAD_REQUEST'],
  ['TOPIC_AUTHORIZATION_FAILED', 'KV_BAD_REQUEST'],
  ['GROUP_AUTHORIZATION_FAILED', 'KV_BAD_REQUEST'],
  ['CLUSTER_AUTHORIZATION_FAILED', 'KV_BAD_REQUEST'],
  ['POLICY_VIOLATION', 'KV_BAD_REQUEST'],
  ['UNSUPPORTED_VERSION', 'KV_BAD_REQUEST'],
]);
