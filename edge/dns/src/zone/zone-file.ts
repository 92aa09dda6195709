import { nameToWire } from '../wire/name.ts';
import { secondsOf } from './field.ts';
import type { Field } from './field.ts';
import { RECORD_KINDS, unknownData } from './record-data.ts';
import type { RecordData } from './record-data.ts';

/** One record of a zone file; names in wire form, lower case. */
export type ZoneRecord = {
  readonly owner: Uint8Array;
  readonly type: number;
  readonly ttlSeconds: number;
  readonly data: RecordData;
  /** For messages about the zone as a whole. */
  readonly line: number;
};

/** A zone for steering is small; a larger file is another program's job. */
const RECORDS_MAX = 100_000;
/** RFC 2181 8. */
const TTL_MAX = 0x7fffffff;

/**
 * Reads a master file (RFC 1035 5; $TTL: RFC 2308 4): $ORIGIN and $TTL, @, blank owners, parentheses, comments, quoted texts. $INCLUDE and
 * $GENERATE are not known. Throws one error that names every line that is wrong.
 */
export function parseZoneFile(text: string, zone: string): ZoneRecord[] {
  const problems: string[] = [];
  const records: ZoneRecord[] = [];
  const state: State = { origin: nameToWire(zone), owner: undefined, ttlSeconds: undefined };
  for (const entry of entriesOf(text, problems)) {
    try {
      const record = recordOf(entry, state);
      if (record !== undefined) records.push(record);
    } catch (error) {
      problems.push(`line ${entry.line}: ${(error as Error).message}`);
    }
    if (records.length > RECORDS_MAX) throw new Error(`the zone file has more than ${RECORDS_MAX} records`);
  }
  if (problems.length > 0) throw new Error(`the zone file is wrong: ${problems.join('; ')}`);
  return records;
}

type State = { origin: Uint8Array; owner: Uint8Array | undefined; ttlSeconds: number | undefined };
type Entry = { readonly line: number; readonly startsBlank: boolean; readonly fields: readonly Field[] };

function recordOf({ line, startsBlank, fields }: Entry, state: State): ZoneRecord | undefined {
  const [first, second] = fields;
  if (first?.text === '$ORIGIN') {
    state.origin = nameToWire(second?.text ?? '', state.origin);
    return undefined;
  }
  if (first?.text === '$TTL') {
    state.ttlSeconds = ttlOf(second?.text ?? '');
    return undefined;
  }
  if (first?.text.startsWith('$') === true && !first.isQuoted) throw new Error(`${first.text} is not known`);
  if (!startsBlank && first !== undefined) state.owner = nameToWire(first.text, state.origin);
  const { owner } = state;
  if (owner === undefined) throw new Error('the first record needs an owner');
  let rest = startsBlank ? fields : fields.slice(1);
  let ttlSeconds = state.ttlSeconds;
  // TTL and class stand in either order, and both may be left out.
  for (let leading = rest[0]; leading !== undefined && /^(\d.*|IN)$/i.test(leading.text); leading = rest[0]) {
    if (leading.text.toUpperCase() !== 'IN') ttlSeconds = ttlOf(leading.text);
    rest = rest.slice(1);
  }
  const mnemonic = rest[0]?.text.toUpperCase() ?? '';
  if (ttlSeconds === undefined) throw new Error('no TTL: begin the file with $TTL');
  return { owner, ...typed(mnemonic, rest.slice(1), state.origin), ttlSeconds, line };
}

function typed(mnemonic: string, fields: readonly Field[], origin: Uint8Array): { type: number; data: RecordData } {
  const kind = Object.hasOwn(RECORD_KINDS, mnemonic) ? RECORD_KINDS[mnemonic] : undefined;
  if (kind !== undefined) return { type: kind.type, data: fields[0]?.text === '\\#' ? unknownData(fields) : kind.parse(fields, origin) };
  const type = Number(/^TYPE(\d{1,5})$/.exec(mnemonic)?.[1] ?? 'NaN');
  if (!(type > 0 && type <= 0xffff)) throw new Error(`"${mnemonic}" is no record type known here; write it as TYPE123 \\# LENGTH HEX`);
  return { type, data: unknownData(fields) };
}

function ttlOf(text: string): number {
  const seconds = secondsOf(text);
  if (seconds > TTL_MAX) throw new Error(`a TTL of ${seconds} is too long`);
  return seconds;
}

/** Lines joined over parentheses, comments left out. */
function entriesOf(text: string, problems: string[]): Entry[] {
  const entries: Entry[] = [];
  let open: { line: number; startsBlank: boolean; fields: Field[] } | null = null;
  let depth = 0;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    open ??= { line: index + 1, startsBlank: /^\s/.test(line), fields: [] };
    for (const [token] of line.matchAll(/;.*|[()]|(?:[^\s;()"\\]|\\.|"(?:[^"\\]|\\.)*")+|["\\]/g)) {
      if (token.startsWith(';')) continue;
      else if (token === '(') depth += 1;
      else if (token === ')') depth -= 1;
      else if (token === '"' || token === '\\') problems.push(`line ${index + 1}: a quote or escape has no end`);
      else open.fields.push(fieldOf(token));
    }
    if (depth > 0) continue;
    if (depth < 0) problems.push(`line ${index + 1}: a parenthesis closes what was not opened`);
    depth = 0;
    if (open.fields.length > 0) entries.push(open);
    open = null;
  }
  if (depth > 0) problems.push(`line ${open?.line ?? 0}: a parenthesis is never closed`);
  return entries;
}

function fieldOf(token: string): Field {
  const quoted = /^"((?:[^"\\]|\\.)*)"$/s.exec(token);
  return quoted === null ? { text: token, isQuoted: false } : { text: quoted[1] ?? '', isQuoted: true };
}
