import type { EventData, StreamEvent } from '@bioscope/kv';

import type { Aggregate, Kept } from './aggregate.ts';

/** The data of an event is JSON without its type, and the very value of the record on the log. */
export function encodeEvent(event: { readonly type: string }): EventData {
  const { type, ...data } = event;
  return { type, data: Buffer.from(JSON.stringify(data)) };
}

/** Throws when the type is not known: a newer program wrote it, and guessing would show something wrong. */
export function decodeEvent<R extends Kept, E extends { readonly type: string }>(
  { what, types }: Pick<Aggregate<R, E>, 'what' | 'types'>,
  event: StreamEvent,
): E {
  if (!types.some((type) => type === event.type))
    throw new TypeError(`event ${event.sequence} of ${what} ${event.stream} has the unknown type ${event.type}`);
  // What lies in the store was encoded by the function above.
  return { type: event.type, ...(JSON.parse(Buffer.from(event.data).toString()) as object) } as unknown as E;
}
