/**
 * The events of one partition that a group is done with, by the streams that they came from: what makes a second copy a repetition.
 * A stream's sequence numbers are kept as ranges; whoever publishes in order leaves one range per stream.
 */
export type Origins = {
  has(stream: string, sequence: number): boolean;
  /** The record at `offset` is done with. */
  add(stream: string, sequence: number, offset: number): void;
  /** Streams noted since the last call, as they are to be kept. */
  takeChanged(): readonly (readonly [stream: string, kept: string])[];
  /** Keeping what was taken failed: it is to be taken again. */
  giveBack(streams: readonly string[]): void;
  /** Takes in what `takeChanged` gave, now or earlier: it adds up, whatever the order. */
  restore(stream: string, kept: string): void;
  /** Forgets streams whose last record lies before `offset`: the copies are gone too. */
  forgetBefore(offset: number): void;
  streamCount(): number;
};

type Noted = { ranges: Range[]; lastOffset: number };
type Range = readonly [first: number, last: number];

export function createOrigins(streamsMax: number = STREAMS_MAX): Origins {
  // In the order of their last records, so that the one to forget comes first.
  const streams = new Map<string, Noted>();
  const changed = new Set<string>();

  function note(stream: string, ranges: readonly Range[], offset: number): void {
    const known = streams.get(stream);
    streams.delete(stream);
    const all = ranges.reduce((merged, range) => withRange(merged, range), known?.ranges ?? []);
    streams.set(stream, { ranges: all, lastOffset: Math.max(known?.lastOffset ?? -1, offset) });
    if (streams.size <= streamsMax) return;
    const [oldest] = streams.keys();
    if (oldest !== undefined) streams.delete(oldest);
  }

  return {
    has: (stream, sequence) => streams.get(stream)?.ranges.some(([first, last]) => first <= sequence && sequence <= last) ?? false,
    add(stream, sequence, offset) {
      note(stream, [[sequence, sequence]], offset);
      changed.add(stream);
    },
    takeChanged() {
      const taken = [...changed].flatMap((stream) => {
        const noted = streams.get(stream);
        return noted === undefined ? [] : [[stream, encode(noted)] as const];
      });
      changed.clear();
      return taken;
    },
    giveBack(again) {
      for (const stream of again) changed.add(stream);
    },
    restore(stream, kept) {
      const noted = decode(kept);
      if (noted !== null) note(stream, noted.ranges, noted.lastOffset);
    },
    forgetBefore(offset) {
      for (const [stream, { lastOffset }] of streams) if (lastOffset < offset) streams.delete(stream);
    },
    streamCount: () => streams.size,
  };
}

/** Joins the range with those that it touches. Too many ranges: the lowest is forgotten, which may repeat an event but never lose one. */
export function withRange(ranges: readonly Range[], [first, last]: Range): Range[] {
  const before = ranges.filter((range) => range[1] < first - 1);
  const after = ranges.filter((range) => range[0] > last + 1);
  const touched = ranges.slice(before.length, ranges.length - after.length);
  const joined: Range = [Math.min(first, touched[0]?.[0] ?? first), Math.max(last, touched.at(-1)?.[1] ?? last)];
  return [...before, joined, ...after].slice(-RANGES_MAX);
}

function encode({ ranges, lastOffset }: Noted): string {
  return `${lastOffset} ${ranges.map(([first, last]) => (first === last ? first : `${first}-${last}`)).join(',')}`;
}

/** Null for what is not ours: then a repetition may be delivered, which is better than not going on. */
function decode(kept: string): Noted | null {
  const [offset = '', text = ''] = kept.split(' ');
  const ranges = text.split(',').map((range): Range => {
    const [first = '', last = first] = range.split('-');
    return [Number.parseInt(first, 10), Number.parseInt(last, 10)];
  });
  const lastOffset = Number.parseInt(offset, 10);
  return Number.isSafeInteger(lastOffset) && ranges.flat().every(Number.isSafeInteger) ? { ranges, lastOffset } : null;
}

/**
 * Per partition that a member holds: some 150 bytes each, so at most about 150 MB. Beyond it the streams that have been quiet
 * for longest are forgotten, and repetitions of their events delivered.
 */
const STREAMS_MAX = 1_000_000;
/** More than a relay publishes at a time, so that even a stream spread over many keys has its last publication in it. */
const RANGES_MAX = 128;
