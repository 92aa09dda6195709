import type { MessageInitShape } from '@bufbuild/protobuf';
import type { PageRequest, Selection, StreamEvent, WriteToken } from '@bioscope/kv';
import type { PageRequestSchema, SelectionSchema } from '../../contract/index.ts';
import type {
  PageRequest as PageMessage,
  Selection as SelectionMessage,
  StreamEvent as EventMessage,
  WriteToken as TokenMessage,
} from '../../contract/index.ts';

// The parts of the key-value port that both sides write down and read.

export function selectionMessage(select: Selection = { kind: 'all' }): MessageInitShape<typeof SelectionSchema> {
  if (select.kind === 'keys') return { is: { case: 'keys', value: { keys: [...select.keys] } } };
  const bounds = select.kind === 'all' ? {} : { ...(select.from && { from: select.from }), ...(select.to && { to: select.to }) };
  return { is: { case: 'range', value: { ...bounds, descending: select.order === 'descending' } } };
}

export function selectionFrom(message: SelectionMessage | undefined): Selection {
  if (message?.is.case === 'keys') return { kind: 'keys', keys: message.is.value.keys };
  if (message?.is.case !== 'range') return { kind: 'all' };
  const { from, to, descending } = message.is.value;
  return { kind: 'range', order: descending ? 'descending' : 'ascending', ...(from && { from }), ...(to && { to }) };
}

export function pageMessage(page: PageRequest = {}): MessageInitShape<typeof PageRequestSchema> {
  return page;
}

export function pageFrom(message: PageMessage | undefined): PageRequest {
  if (message === undefined) return {};
  const { bytesMax, itemsMax, cursor } = message;
  return {
    ...(bytesMax === undefined ? {} : { bytesMax }),
    ...(itemsMax === undefined ? {} : { itemsMax }),
    ...(cursor === undefined ? {} : { cursor }),
  };
}

/** An absent token is one that no store takes. */
export function tokenFrom(message: TokenMessage | undefined): WriteToken {
  return { timeUs: message?.timeUs ?? Number.NaN, nonce: message?.nonce ?? '' };
}

export function eventFrom({ stream, sequence, type, data, commandId, recordedAtMs, position }: EventMessage): StreamEvent {
  return { stream, sequence, type, data: ownBytes(data), commandId, recordedAtMs, position };
}

/** A copy that holds nothing else of the message it came in, and is a plain Uint8Array whatever the message was read from. */
export function ownBytes(view: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(view);
}
