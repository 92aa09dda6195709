import type { TransferSource } from './open-source.ts';
import { textOf } from './source-items.ts';
import type { MovedEvent, StreamName } from './target.ts';

export type SourceStreams = {
  namespaces(): readonly string[];
  /** Of the last event there is now; 0 when there is none. */
  newestPosition(namespace: string): number;
  /** Events after a position, in order: as many as a page holds, none when there are no more. */
  eventsAfter(namespace: string, position: number): readonly MovedEvent[];
  streams(): Iterable<StreamName>;
  has(name: StreamName): boolean;
  eventsOf(name: StreamName): Iterable<MovedEvent>;
};

type Row = {
  position: number;
  stream: Uint8Array;
  sequence: number;
  type: string;
  data: Uint8Array;
  command: Uint8Array;
  ends_command: number;
  recorded_at: number;
};

export function sourceStreams({ database }: TransferSource): SourceStreams {
  const columns = 'SELECT position, stream, sequence, type, data, command, ends_command, recorded_at FROM events WHERE namespace = ?';
  const namespaces = database.prepare('SELECT id, name FROM namespaces ORDER BY id');
  const namespaceId = database.prepare('SELECT id FROM namespaces WHERE name = ?');
  const newest = database.prepare('SELECT position FROM events WHERE namespace = ? ORDER BY position DESC LIMIT 1');
  const any = database.prepare('SELECT 1 FROM events WHERE namespace = ? AND stream = ? LIMIT 1');
  const ofNamespace = database.prepare(`${columns} AND position > ? ORDER BY position LIMIT ${ROWS_PER_PAGE}`);
  const ofStream = database.prepare(`${columns} AND stream = ? AND sequence > ? ORDER BY sequence LIMIT ${ROWS_PER_PAGE}`);
  const nextStream = database.prepare('SELECT stream FROM events WHERE namespace = ? AND stream > ? ORDER BY stream LIMIT 1');

  const idOf = (name: string): number => {
    const id = namespaceId.get(name)?.['id'];
    return typeof id === 'number' ? id : NO_NAMESPACE;
  };

  return {
    namespaces: () => namespaces.all().map(({ name }) => String(name)),
    newestPosition: (namespace) => Number(newest.get(idOf(namespace))?.['position'] ?? 0),
    eventsAfter: (namespace, position) => pageOf(ofNamespace.iterate(idOf(namespace), position)),
    *streams() {
      for (const { id, name } of namespaces.all()) {
        let after: Uint8Array = new Uint8Array(0);
        for (;;) {
          const stream = nextStream.get(Number(id), after)?.['stream'];
          if (!(stream instanceof Uint8Array)) break;
          yield { namespace: String(name), stream: textOf(stream) };
          after = stream;
        }
      }
    },
    has: ({ namespace, stream }) => any.get(idOf(namespace), Buffer.from(stream)) !== undefined,
    *eventsOf({ namespace, stream }) {
      const id = idOf(namespace);
      for (let after = 0; ;) {
        const page = pageOf(ofStream.iterate(id, Buffer.from(stream), after));
        const last = page.at(-1);
        if (last === undefined) return;
        yield* page;
        after = last.sequence;
      }
    },
  };
}

function pageOf(rows: Iterable<unknown>): readonly MovedEvent[] {
  const events: MovedEvent[] = [];
  let bytes = 0;
  for (const row of rows as Iterable<Row>) {
    events.push({
      stream: textOf(row.stream),
      sequence: row.sequence,
      type: row.type,
      data: row.data,
      commandId: textOf(row.command),
      endsCommand: row.ends_command === 1,
      recordedAtMs: row.recorded_at,
      position: row.position,
    });
    bytes += row.data.length;
    if (bytes > BYTES_PER_PAGE) break;
  }
  return events;
}

/** No namespace has it. */
const NO_NAMESPACE = -1;
const ROWS_PER_PAGE = 1_000;
const BYTES_PER_PAGE = 8 * 1024 * 1024;
