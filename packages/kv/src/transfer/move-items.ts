import type { Item, ItemWrite, WriteToken } from '../port.ts';
import { eachAtOnce } from './each-at-once.ts';
import { persist } from './persist.ts';
import type { SourceItem, SourceItems } from './source-items.ts';
import type { RecordName } from './target.ts';
import type { Pass } from './transfer-parts.ts';

/** Compares every record of both sides, item by item, and in a mending pass writes what differs. */
export async function moveItems(source: SourceItems, pass: Pass): Promise<void> {
  if (pass.mode === 'mend') {
    await eachAtOnce(WRITES_AT_ONCE, source.deletions(), async ({ namespace, record, select, token }) => {
      await persist(() => pass.destination.items.delete({ namespace, record, select, token }), pass.signal);
    });
  }
  await eachAtOnce(RECORDS_AT_ONCE, source.records(), (name) => moveRecord(source, name, pass));
  await eachAtOnce(RECORDS_AT_ONCE, pass.destination.transfer.records(), async (name) => {
    if (!source.has(name)) await moveRecord(source, name, pass);
  });
}

type Pair = { readonly source: SourceItem | null; readonly there: Item | null };
type Put = { readonly token: WriteToken; readonly items: ItemWrite[] };

async function moveRecord(source: SourceItems, name: RecordName, pass: Pass): Promise<void> {
  let puts = new Map<string, Put>();
  let rows = 0;
  let bytes = 0;
  let mended = 0;
  const deletions: { key: Uint8Array; token: WriteToken }[] = [];

  async function write(): Promise<void> {
    const { items } = pass.destination;
    await eachAtOnce(WRITES_AT_ONCE, puts.values(), (put) => persist(() => items.put({ ...name, ...put }), pass.signal));
    await eachAtOnce(WRITES_AT_ONCE, deletions, ({ key, token }) =>
      persist(() => items.delete({ ...name, select: { kind: 'keys', keys: [key] }, token }), pass.signal),
    );
    puts = new Map();
    deletions.length = 0;
    rows = 0;
    bytes = 0;
  }

  for await (const { source: here, there } of pairs(source.itemsOf(name), thereOf(name, pass))) {
    if (bytes > BYTES_PER_WRITE || rows >= ROWS_PER_WRITE) await write();
    const isDeleted = here?.value === null;
    if (isDeleted && pass.mode === 'mend') {
      deletions.push(here);
      rows += 1;
    }
    const wanted = here === null || isDeleted || runsOut(here, pass) ? null : here;
    const found = there === null || runsOut(there, pass) ? null : there;
    if (wanted !== null) tallyItem(pass, 'source', name, wanted);
    if (found !== null) tallyItem(pass, 'destination', name, found);
    if (isSame(wanted, found)) continue;
    if (pass.mode === 'check') {
      pass.differs(differenceOf(name, wanted, found));
      continue;
    }
    mended += 1;
    rows += 1;
    if (wanted !== null) bytes += addPut(puts, wanted);
    else if (found !== null && !isDeleted) deletions.push(found);
  }
  await write();
  pass.compared('items', mended);
}

async function* thereOf(name: RecordName, { destination, signal }: Pass): AsyncGenerator<Item> {
  let cursor: string | null = null;
  do {
    const page: { bytesMax: number; cursor?: string } = cursor === null ? { bytesMax: PAGE_BYTES } : { bytesMax: PAGE_BYTES, cursor };
    const answer = await persist(() => destination.items.get({ ...name, page }), signal);
    yield* answer.items;
    cursor = answer.cursor;
  } while (cursor !== null);
}

/** Both are in byte order of the keys: what has the same key goes together. */
async function* pairs(source: Iterable<SourceItem>, destination: AsyncGenerator<Item>): AsyncGenerator<Pair> {
  const left = source[Symbol.iterator]();
  let here = left.next();
  let there = await destination.next();
  while (here.done !== true || there.done !== true) {
    const order = here.done === true ? 1 : there.done === true ? -1 : Buffer.compare(here.value.key, there.value.key);
    yield { source: order <= 0 && here.done !== true ? here.value : null, there: order >= 0 && there.done !== true ? there.value : null };
    if (order <= 0) here = left.next();
    if (order >= 0) there = await destination.next();
  }
}

/** What runs out while both sides are read is compared by neither. */
function runsOut({ expiresAtMs }: { readonly expiresAtMs: number | null }, { clock }: Pass): boolean {
  return expiresAtMs !== null && expiresAtMs <= clock() + RUNS_OUT_MS;
}

function isSame(here: SourceItem | null, there: Item | null): boolean {
  if (here === null || there === null) return here === there;
  return (
    here.token.timeUs === there.token.timeUs &&
    here.token.nonce === there.token.nonce &&
    here.expiresAtMs === there.expiresAtMs &&
    here.value !== null &&
    Buffer.compare(here.value, there.value) === 0
  );
}

/** Items of one token were one put and become visible together again. */
function addPut(puts: Map<string, Put>, { key, token, value, expiresAtMs }: SourceItem): number {
  if (value === null) return 0;
  const name = `${token.timeUs} ${token.nonce}`;
  const put = puts.get(name) ?? { token, items: [] };
  puts.set(name, put);
  put.items.push({ key, value, ...(expiresAtMs === null ? {} : { ttlMs: expiresAtMs - Math.floor(token.timeUs / 1000) }) });
  return key.length + value.length;
}

function tallyItem({ tally }: Pass, side: 'source' | 'destination', { namespace, record }: RecordName, item: SourceItem | Item): void {
  tally.add(side, 'items', namespace, [record, item.key, item.value, item.token.timeUs, item.token.nonce, item.expiresAtMs]);
}

function differenceOf({ namespace, record }: RecordName, here: SourceItem | null, there: Item | null): string {
  const key = Buffer.from((here ?? there)?.key ?? []).toString('hex');
  const what = there === null ? 'is missing' : here === null ? 'is there and not in the source' : 'differs';
  const newer = here !== null && there !== null && there.token.timeUs > here.token.timeUs ? ' (written later than in the source)' : '';
  return `item ${namespace} ${JSON.stringify(record)} key 0x${key} ${what}${newer}`;
}

/** Small records are a round trip each: many at once. Each holds a page of either side in memory. */
const RECORDS_AT_ONCE = 12;
const WRITES_AT_ONCE = 4;
const ROWS_PER_WRITE = 500;
const BYTES_PER_WRITE = 8 * 1024 * 1024;
const PAGE_BYTES = 2 * 1024 * 1024;
/** Longer than one comparison takes: reading a page, a minute of patience at worst. */
const RUNS_OUT_MS = 90_000;
