import { networkText, parseNetwork } from './network.ts';
import type { Network } from './network.ts';
import { compilePrefixes } from './prefix-table.ts';
import type { PrefixTable } from './prefix-table.ts';

/** Networks of which somebody knows which regions are near. */
export type NearList = PrefixTable & { readonly entries: readonly Near[] };
export type Near = {
  readonly network: Network;
  /** Nearest first; the others come after them. */ readonly regions: readonly string[];
  readonly text: string;
};

export const NOBODY_NEAR: NearList = { ...compilePrefixes([]), entries: [] };

/** A line for each of the /24s that somebody measures would be a million: those belong together to larger ones first. */
const LINES_MAX = 100_000;
const PROBLEMS_SHOWN_MAX = 10;

/**
 * The operator's own word, one network to a line: `127.101.0.0/16 a b`, nearest region first. Of nested networks the longest counts. Empty lines and what follows `#`
 * mean nothing. Throws one error that names the first wrong lines.
 */
export function parseOperatorPrefixes(text: string): NearList {
  return parseLines(text, (words) => {
    const [network, ...regions] = words;
    if (regions.length === 0) return 'a network and at least one region are needed, such as 192.0.2.0/24 a';
    return { regions, text: `The operator's prefix ${network} says: ${regions.join(', then ')}.` };
  });
}

/** Measured latencies, one network to a line: `203.0.113.0/24 a=23 b=110`, in milliseconds. Otherwise as the operator's prefixes. */
export function parseLatencies(text: string): NearList {
  return parseLines(text, (words) => {
    const [network, ...measured] = words;
    const pairs = measured.map((word) => /^([a-z0-9-]{1,32})=(\d{1,5}(?:\.\d{1,3})?)$/.exec(word));
    if (pairs.length === 0 || pairs.includes(null))
      return 'a network and milliseconds of regions are needed, such as 192.0.2.0/24 a=23 b=110';
    const latencies = pairs.map((pair) => ({ region: pair?.[1] ?? '', ms: Number(pair?.[2]) })).sort((one, other) => one.ms - other.ms);
    const shown = latencies.map(({ region, ms }) => `${region} ${ms} ms`).join(', ');
    return { regions: latencies.map(({ region }) => region), text: `Measured from ${network}: ${shown}.` };
  });
}

function parseLines(text: string, read: (words: readonly string[]) => string | Pick<Near, 'regions' | 'text'>): NearList {
  const problems: string[] = [];
  const entries: Near[] = [];
  const lines = text.split('\n');
  if (lines.length > LINES_MAX) throw new Error(`${lines.length} lines; at most ${LINES_MAX} are read`);
  for (const [index, line] of lines.entries()) {
    const words = line
      .replace(/#.*/, '')
      .split(/\s+/)
      .filter((word) => word !== '');
    if (words.length === 0) continue;
    const network = parseNetwork(words[0] ?? '');
    const near =
      network === undefined ? `"${words[0]}" is not a network such as 192.0.2.0/24` : read([networkText(network), ...words.slice(1)]);
    if (typeof near === 'string') problems.push(`line ${index + 1}: ${near}`);
    else if (network !== undefined) entries.push({ network, ...near });
  }
  if (problems.length > 0) throw new Error(problems.slice(0, PROBLEMS_SHOWN_MAX).join('; '));
  return { ...compilePrefixes(entries.map(({ network }) => network)), entries };
}
