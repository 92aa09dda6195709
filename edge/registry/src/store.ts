import type { EventData, KvStore, StreamEvent } from '@bioscope/kv';

import { foldSchemaEvent, type GraphRecord, type SchemaEvent } from './domain/graph.ts';

export const SCHEMAS_NAMESPACE = 'registry_schemas';
/** All schemas are one aggregate: whether one fits depends on all others. */
const GRAPH_STREAM = 'graph';

/** How the registry's records lie in the key-value store. */
export type RegistryStore = {
  /** The graph after all events that follow `record`. */
  readFrom(record: GraphRecord): Promise<GraphRecord>;
  append(request: {
    expectedVersion: number;
    events: readonly SchemaEvent[];
    commandId: string;
  }): Promise<{ kind: 'appended' | 'conflict' }>;
  /** Events before `beforeSequence`, newest first. */
  changes(request: { beforeSequence: number; changesMax: number }): Promise<readonly RecordedChange[]>;
  /** Told whenever something may have been appended, by whichever instance. */
  onChange(told: () => void): { close(): Promise<void>; readonly ended: Promise<void> };
};

export type RecordedChange = SchemaEvent & { readonly sequence: number; readonly atMs: number };

export function registryStore(kv: KvStore): RegistryStore {
  const { streams } = kv;
  const at = { namespace: SCHEMAS_NAMESPACE, stream: GRAPH_STREAM };
  return {
    async readFrom(record) {
      let read = record;
      for (;;) {
        const page = await streams.read({ ...at, after: read.sequence });
        for (const event of page.events) read = foldSchemaEvent(read, decodeSchemaEvent(event));
        if (page.events.length === 0 || read.sequence >= page.version) return read;
      }
    },
    async append({ expectedVersion, events, commandId }) {
      const appended = await streams.append({ ...at, expectedVersion, events: events.map(encodeSchemaEvent), commandId });
      return { kind: appended.kind };
    },
    async changes({ beforeSequence, changesMax }) {
      const { version } = await streams.read({ ...at, eventsMax: 1 });
      const last = beforeSequence === 0 ? version : Math.min(version, beforeSequence - 1);
      const first = Math.max(0, last - changesMax);
      if (last <= first) return [];
      const { events } = await streams.read({ ...at, after: first, eventsMax: last - first });
      return events.map((event) => ({ ...decodeSchemaEvent(event), sequence: event.sequence, atMs: event.recordedAtMs })).reverse();
    },
    onChange(told) {
      return streams.subscribe({ namespace: SCHEMAS_NAMESPACE, after: null }, async () => told());
    },
  };
}

function encodeSchemaEvent(event: SchemaEvent): EventData {
  const { type, ...data } = event;
  return { type, data: Buffer.from(JSON.stringify(data)) };
}

/** Throws when the type is not known: a newer program wrote it, and guessing would make another graph. */
function decodeSchemaEvent(event: StreamEvent): SchemaEvent {
  if (event.type !== 'schema.accepted' && event.type !== 'schema.refused')
    throw new TypeError(`event ${event.sequence} of the graph has the unknown type ${event.type}`);
  // What lies in the store was encoded by the function above.
  return { type: event.type, ...(JSON.parse(Buffer.from(event.data).toString()) as Omit<SchemaEvent, 'type'>) };
}
