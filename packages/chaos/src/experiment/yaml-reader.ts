import { isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Node, YAMLMap } from 'yaml';

/** What a person wrote is wrong: one line per problem, each with file and line. */
export class FileProblems extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'FileProblems';
    this.problems = problems;
  }
}

/** Reads one map of a YAML file, noting every problem where it stands. Keys that nobody asked for are problems too: they are misspelt ones. */
export type MapReader = {
  text(key: string, otherwise?: string): string;
  number(key: string, range: { min: number; max: number }, otherwise?: number): number;
  flag(key: string, otherwise: boolean): boolean;
  oneOf<T extends string>(key: string, known: readonly T[], otherwise?: T): T;
  texts(key: string): readonly string[];
  map(key: string): MapReader | undefined;
  maps(key: string): readonly MapReader[];
  keys(): readonly string[];
  has(key: string): boolean;
  problem(key: string, text: string): void;
  /** Names the keys that were not read. */
  end(): void;
};

/** Experiments are a page long. */
const BYTES_MAX = 65_536;

/** Runs `read` on the file's map. Throws `FileProblems`. */
export function readYaml<T>(file: string, text: string, read: (map: MapReader) => T): T {
  if (text.length > BYTES_MAX) throw new FileProblems([`${file}: longer than ${BYTES_MAX} characters`]);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const problems: string[] = [];
  const note = (offset: number, problem: string): void => void problems.push(`${file}:${lines.linePos(offset).line}: ${problem}`);
  for (const error of document.errors) note(error.pos[0], error.message);
  if (problems.length > 0) throw new FileProblems(problems);
  if (!isMap(document.contents)) throw new FileProblems([`${file}:1: a map of keys and values is wanted`]);
  const value = read(mapReader(document.contents, note));
  if (problems.length > 0) throw new FileProblems(problems);
  return value;
}

function mapReader(map: YAMLMap, note: (offset: number, problem: string) => void): MapReader {
  const read = new Set<string>();
  const here = map.range?.[0] ?? 0;

  function node(key: string): Node | undefined {
    read.add(key);
    const found = map.get(key, true) as Node | undefined;
    return found;
  }
  function problem(key: string, text: string): void {
    note((map.get(key, true) as Node | undefined)?.range?.[0] ?? here, `${key}: ${text}`);
  }
  function scalar<T>(key: string, otherwise: T | undefined, nothing: T, accept: (value: unknown) => T | undefined, wanted: string): T {
    const found = node(key);
    if (found === undefined) {
      if (otherwise === undefined) problem(key, `is missing: ${wanted}`);
      return otherwise ?? nothing;
    }
    const value = isScalar(found) ? accept(found.value) : undefined;
    if (value === undefined) problem(key, `${wanted}, not ${isScalar(found) ? JSON.stringify(found.value) : 'a list or a map'}`);
    return value ?? nothing;
  }

  const reader: MapReader = {
    text: (key, otherwise) => scalar(key, otherwise, '', textOf, 'a text'),
    number: (key, { min, max }, otherwise) =>
      scalar(
        key,
        otherwise,
        min,
        (value) => (typeof value === 'number' && value >= min && value <= max ? value : undefined),
        `a number from ${min} to ${max}`,
      ),
    flag: (key, otherwise) => scalar(key, otherwise, false, (value) => (typeof value === 'boolean' ? value : undefined), 'true or false'),
    oneOf<T extends string>(key: string, known: readonly T[], otherwise?: T): T {
      const [first] = known;
      if (first === undefined) throw new RangeError('there is nothing to choose from');
      return scalar(key, otherwise, first, (value) => known.find((each) => each === value), `one of ${known.join(', ')}`);
    },
    texts(key) {
      const found = node(key);
      if (found === undefined) return [];
      const items = isSeq(found) ? found.items : [found];
      const texts = items.map((item) => (isScalar(item) ? textOf(item.value) : undefined));
      if (texts.includes(undefined)) problem(key, 'a list of texts');
      return texts.filter((each) => each !== undefined);
    },
    map(key) {
      const found = node(key);
      if (found === undefined) return undefined;
      if (isMap(found)) return mapReader(found, note);
      problem(key, 'a map of keys and values is wanted');
      return undefined;
    },
    maps(key) {
      const found = node(key);
      if (isSeq(found) && found.items.every((item) => isMap(item))) return found.items.map((item) => mapReader(item, note));
      problem(key, 'a list of maps is wanted');
      return [];
    },
    keys: () => map.items.map(({ key }) => (isScalar(key) ? String(key.value) : '')),
    has: (key) => map.has(key),
    problem,
    end() {
      for (const key of reader.keys()) if (!read.has(key)) problem(key, 'there is no such key here');
    },
  };
  return reader;
}

/** Zones are named `1`: what is written without quotes is a number to YAML and a name to us. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
