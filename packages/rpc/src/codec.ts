import { create, fromBinary, fromJson, toBinary, toJson } from '@bufbuild/protobuf';
import type { DescMessage, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import { RpcError } from './error.ts';

/** The two encodings of the Connect unary protocol. */
export type Codec = {
  readonly contentType: 'application/proto' | 'application/json';
  encode<M extends DescMessage>(message: M, value: MessageInitShape<M>): Uint8Array;
  /** Throws `RpcError`: `invalid_argument`, naming the field where the encoding can tell. */
  decode<M extends DescMessage>(message: M, bytes: Buffer): MessageShape<M>;
};

export const PROTO: Codec = {
  contentType: 'application/proto',
  encode: (message, value) => toBinary(message, create(message, value)),
  decode(message, bytes) {
    try {
      return fromBinary(message, bytes);
    } catch (cause) {
      throw new RpcError('invalid_argument', `the body is not a ${message.typeName}: ${reason(cause)}`, { cause });
    }
  },
};

export const JSON_CODEC: Codec = {
  contentType: 'application/json',
  encode: (message, value) => Buffer.from(JSON.stringify(toJson(message, create(message, value)))),
  decode(message, bytes) {
    try {
      // An empty body is what `curl -X POST` sends for a request without fields; unknown fields are of a newer caller.
      return fromJson(message, bytes.length === 0 ? {} : JSON.parse(bytes.toString()), { ignoreUnknownFields: true });
    } catch (cause) {
      throw new RpcError('invalid_argument', `the body is not a ${message.typeName}: ${reason(cause)}`, { cause });
    }
  },
};

/** Undefined for anything but the two types of the protocol; a charset other than UTF-8 is refused. */
export function codecOf(contentType: string | undefined): Codec | undefined {
  if (contentType === 'application/proto') return PROTO;
  if (contentType === 'application/json') return JSON_CODEC;
  return contentType !== undefined && /^application\/json\s*;\s*charset="?utf-?8"?$/i.test(contentType) ? JSON_CODEC : undefined;
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
