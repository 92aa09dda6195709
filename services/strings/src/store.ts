import type { KvStore, StreamEvent } from '@bioscope/kv';

import type { Bundle } from '../contract/index.ts';
import type { TextSet } from './domain/texts-in-force.ts';

/** One stream per bundle: everything that operators ever said about its texts. */
export const TEXTS_NAMESPACE = 'strings_texts';

/** Words change a few times a year; a stream beyond this is a loop somewhere. */
const CHANGES_MAX = 20_000;

export type KeptChange = TextSet & { readonly sequence: number; readonly madeAtMs: number; readonly commandId: string };

/** How operators' words lie in the key-value store. */
export type TextsStore = {
  /** Those after the first `after`, in order. */
  readChanges(bundle: Bundle, after: number): Promise<readonly KeptChange[]>;
  append(request: { bundle: Bundle; expectedVersion: number; change: TextSet; commandId: string }): Promise<'appended' | 'conflict'>;
};

export function textsStore({ streams }: Pick<KvStore, 'streams'>): TextsStore {
  return {
    async readChanges(bundle, after) {
      const changes: KeptChange[] = [];
      for (let version = after + 1; after + changes.length < version;) {
        const page = await streams.read({ namespace: TEXTS_NAMESPACE, stream: bundle, after: after + changes.length });
        if (page.version > CHANGES_MAX)
          throw new RangeError(`${bundle} has ${page.version} changed texts; at most ${CHANGES_MAX} are read`);
        changes.push(...page.events.map(decode));
        ({ version } = page);
      }
      return changes;
    },
    async append({ bundle, expectedVersion, change, commandId }) {
      const event = { type: 'text.set', data: Buffer.from(JSON.stringify(change)) };
      const appended = await streams.append({ namespace: TEXTS_NAMESPACE, stream: bundle, expectedVersion, events: [event], commandId });
      return appended.kind;
    },
  };
}

function decode({ stream, sequence, type, data, commandId, recordedAtMs }: StreamEvent): KeptChange {
  if (type !== 'text.set') throw new TypeError(`event ${sequence} of the texts of ${stream} has the unknown type ${type}`);
  // What lies in the store was encoded above.
  return { ...(JSON.parse(Buffer.from(data).toString()) as TextSet), sequence, commandId, madeAtMs: recordedAtMs };
}
