import { bad, checkEvents, checkName, checkNamespace, checkWhole } from '../checks.ts';
import { LIMITS } from '../limits.ts';
import type { Appended, StreamEvent, Streams, Subscription } from '../port.ts';
import type { SqliteFile } from '../sqlite-worker/open.ts';
import type { Packer, Unpacker } from '../sqlite-worker/packing.ts';
import { READ, WRITE } from './operations.ts';
import { APPENDED, REPEATED } from './streams-writer.ts';
import { createSubscription } from '../subscription.ts';

/** `onAppended` calls back after each commit that added events to the namespace; returns how to stop that. */
export type AppendNotices = (namespace: string, wake: () => void) => () => void;

export function sqliteStreams(file: SqliteFile, onAppended: AppendNotices, keep: (subscription: Subscription) => void): Streams {
  const readNamespace = (namespace: string, after: number): Promise<readonly StreamEvent[]> =>
    file.read({
      operation: READ.readNamespace,
      pack: (packer) => {
        packer.text(namespace);
        packer.f64(after);
        packer.u32(EVENTS_PER_DELIVERY_MAX);
      },
      decode: unpackEvents,
    });

  return {
    async append({ namespace, stream, expectedVersion, events, commandId }, options) {
      checkNamespace(namespace);
      checkName('stream', stream);
      checkName('commandId', commandId);
      checkWhole('expectedVersion', expectedVersion, 0, Number.MAX_SAFE_INTEGER);
      const bytes = checkEvents(events);
      const pack = (packer: Packer): void => {
        packer.text(namespace);
        packer.text(stream);
        packer.f64(expectedVersion);
        packer.text(commandId);
        packer.u32(events.length);
        for (const event of events) {
          packer.text(event.type);
          packer.bytes(event.data);
        }
      };
      return file.write({ operation: WRITE.append, bytes, options, pack, decode: unpackAppended });
    },

    async read({ namespace, stream, after = 0, eventsMax = LIMITS.eventsPerReadMax }, options) {
      checkNamespace(namespace);
      checkName('stream', stream);
      checkWhole('after', after, 0, Number.MAX_SAFE_INTEGER);
      checkWhole('eventsMax', eventsMax, 1, LIMITS.eventsPerReadMax);
      const pack = (packer: Packer): void => {
        packer.text(namespace);
        packer.text(stream);
        packer.f64(after);
        packer.u32(eventsMax);
      };
      const decode = (answer: Unpacker): { version: number; events: readonly StreamEvent[] } => ({
        version: answer.f64(),
        events: unpackEvents(answer),
      });
      return file.read({ operation: READ.readStream, options, pack, decode });
    },

    subscribe({ namespace, after }, handler) {
      checkNamespace(namespace);
      positionOf(after);
      const subscription = createSubscription({
        after,
        read: (position) => readNamespace(namespace, positionOf(position)),
        onAppended: (wake) => onAppended(namespace, wake),
        handler,
      });
      keep(subscription);
      return subscription;
    },
  };
}

function positionOf(after: string | null): number {
  if (after === null) return 0;
  const position = Number(after);
  if (!/^\d{1,16}$/.test(after) || !Number.isSafeInteger(position)) throw bad('after is not a position of this store');
  return position;
}

function unpackAppended(answer: Unpacker): Appended {
  const kind = answer.u8();
  const version = answer.f64();
  return kind === APPENDED || kind === REPEATED
    ? { kind: 'appended', version, repeated: kind === REPEATED }
    : { kind: 'conflict', version };
}

function unpackEvents(answer: Unpacker): readonly StreamEvent[] {
  const events: StreamEvent[] = [];
  while (answer.u8() === 1) {
    events.push({
      stream: answer.text(),
      sequence: answer.f64(),
      type: answer.text(),
      data: answer.ownBytes(),
      commandId: answer.text(),
      recordedAtMs: answer.f64(),
      position: String(answer.f64()),
    });
  }
  return events;
}

/** What a handler gets at once. */
const EVENTS_PER_DELIVERY_MAX = 500;
