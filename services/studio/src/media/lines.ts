import { LINE_BYTES_MAX } from './limits.ts';

/** Calls `take` with each line of the stream; rejects when a line passes `LINE_BYTES_MAX`. */
export async function readLines(stream: NodeJS.ReadableStream, take: (line: string) => void): Promise<void> {
  let rest = '';
  for await (const bytes of stream) {
    rest += bytes.toString('latin1');
    let start = 0;
    for (let end = rest.indexOf('\n'); end !== -1; end = rest.indexOf('\n', start)) {
      take(utf8(rest.slice(start, end)));
      start = end + 1;
    }
    rest = rest.slice(start);
    if (rest.length > LINE_BYTES_MAX) throw new RangeError(`a line of output has more than ${LINE_BYTES_MAX} bytes`);
  }
  if (rest !== '') take(utf8(rest));
}

// Cut at bytes first (latin1 keeps them one to one), so that a character split between two reads is whole again.
function utf8(line: string): string {
  return Buffer.from(line, 'latin1').toString('utf8');
}
