import { TITLE_EVENT_TYPES } from '../contract/index.ts';
import type { EventData, StreamEvent } from '@bioscope/kv';

import type { TitleEvent } from './domain/title.ts';

/** The data of an event is JSON without its type, and the very value of the record on the log. */
export function encodeTitleEvent(event: TitleEvent): EventData {
  const { type, ...data } = event;
  return { type, data: Buffer.from(JSON.stringify(data)) };
}

/** Throws when the type is not known: a newer program wrote it, and guessing would show a wrong title. */
export function decodeTitleEvent(event: StreamEvent): TitleEvent {
  if (!TITLE_EVENT_TYPES.some((type) => type === event.type))
    throw new TypeError(`event ${event.sequence} of title ${event.stream} has the unknown type ${event.type}`);
  // What lies in the store was encoded by the function above.
  return { type: event.type, ...(JSON.parse(Buffer.from(event.data).toString()) as object) } as TitleEvent;
}
