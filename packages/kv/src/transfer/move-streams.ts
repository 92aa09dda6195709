import type { StreamEvent } from '../port.ts';
import { eachAtOnce } from './each-at-once.ts';
import { persist } from './persist.ts';
import type { SourceStreams } from './source-streams.ts';
import type { MovedEvent, StreamName } from './target.ts';
import type { Pass } from './transfer-parts.ts';

/** Brings the events of every namespace in the order in which subscribers of the source see them. `reached` is told after each page how far that is durable. */
export async function moveStreams(
  source: Pick<SourceStreams, 'namespaces' | 'newestPosition' | 'eventsAfter'>,
  pass: Pass,
  progress: { readonly after: (namespace: string) => number; readonly reached: (namespace: string, position: number) => Promise<void> },
): Promise<void> {
  const { streams } = pass.destination.transfer;
  for (const namespace of source.namespaces()) {
    // What is appended from here on is the next pass's: a writer that is faster than the destination would never be caught up with.
    const newest = source.newestPosition(namespace);
    for (let after = progress.after(namespace); after < newest;) {
      const events = source.eventsAfter(namespace, after);
      const last = events.at(-1);
      if (last === undefined) break;
      await persist(() => streams.bring(namespace, events), pass.signal);
      after = last.position;
      await progress.reached(namespace, after);
      pass.compared('streams', events.length);
    }
  }
}

/** Reads every stream of both sides whole and names what differs. */
export async function checkStreams(source: SourceStreams, pass: Pass): Promise<void> {
  const { transfer } = pass.destination;
  await eachAtOnce(AT_ONCE, source.streams(), async (name) => {
    await checkStream(source, name, pass);
    pass.compared('streams', 0);
  });
  await eachAtOnce(AT_ONCE, transfer.streams.list(), async (name) => {
    if (source.has(name)) return;
    const { head } = await persist(() => transfer.streams.stateOf(name), pass.signal);
    if (head === 0) return;
    pass.differs(`stream ${nameOf(name)} is there and not in the source`);
    await checkStream(source, name, pass);
  });
}

async function checkStream(source: SourceStreams, name: StreamName, pass: Pass): Promise<void> {
  const there = thereOf(name, pass);
  let same = true;
  let here = 0;
  for (const event of source.eventsOf(name)) {
    here += 1;
    pass.tally.add('source', 'events', name.namespace, fieldsOf(event));
    const found = await there.next();
    if (found.done === true) same = false;
    else {
      pass.tally.add('destination', 'events', name.namespace, fieldsOf(found.value));
      same &&= isSame(event, found.value);
    }
  }
  for await (const event of there) {
    pass.tally.add('destination', 'events', name.namespace, fieldsOf(event));
    same = false;
  }
  if (!same) return pass.differs(`stream ${nameOf(name)} differs`);
  const { head, announced } = await persist(() => pass.destination.transfer.streams.stateOf(name), pass.signal);
  if (head !== here || announced !== here)
    pass.differs(`stream ${nameOf(name)} stands at ${head}, announced up to ${announced}, with ${here} events in the source`);
}

async function* thereOf({ namespace, stream }: StreamName, { destination, signal }: Pass): AsyncGenerator<StreamEvent> {
  for (let after = 0; ;) {
    const { events, version } = await persist(() => destination.streams.read({ namespace, stream, after }), signal);
    yield* events;
    after = events.at(-1)?.sequence ?? version;
    if (after >= version) return;
  }
}

function fieldsOf({
  stream,
  sequence,
  type,
  data,
  commandId,
  recordedAtMs,
}: MovedEvent | StreamEvent): readonly (string | number | Uint8Array)[] {
  return [stream, sequence, type, data, commandId, recordedAtMs];
}

function isSame(here: MovedEvent, there: StreamEvent): boolean {
  return (
    here.sequence === there.sequence &&
    here.type === there.type &&
    here.commandId === there.commandId &&
    here.recordedAtMs === there.recordedAtMs &&
    Buffer.compare(here.data, there.data) === 0
  );
}

function nameOf({ namespace, stream }: StreamName): string {
  return `${namespace} ${JSON.stringify(stream)}`;
}

const AT_ONCE = 8;
