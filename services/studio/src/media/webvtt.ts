/** One text on the screen; times in milliseconds of the film, text with line feeds and no markup. */
export type Cue = { readonly startMs: number; readonly endMs: number; readonly text: string };

/** A talkative film has two thousand; this is a bound against hostile files. */
export const CUES_MAX = 50_000;

/**
 * Reads the WebVTT that ffmpeg makes of any text format: headers, styles, regions and notes are skipped, markup is stripped, cues without text or
 * with times that make no sense are left out. See W3C WebVTT, sections 4.1 and 6.1.
 */
export function parseWebVtt(file: string): readonly Cue[] {
  return file
    .replaceAll(/\r\n?/g, '\n')
    .split(/\n{2,}/)
    .flatMap(parseBlock)
    .slice(0, CUES_MAX);
}

function parseBlock(block: string): readonly Cue[] {
  const lines = block.split('\n').filter((line) => line !== '');
  const timing = lines.findIndex((line) => line.includes('-->'));
  // A cue has its times on its first line, or on the second after a name.
  if (timing < 0 || timing > 1) return [];
  const [start = '', end = ''] = (lines[timing] ?? '').split('-->');
  const startMs = parseTime(start);
  const endMs = parseTime(end);
  const text = plainText(lines.slice(timing + 1).join('\n'));
  return startMs === null || endMs === null || endMs <= startMs || text === '' ? [] : [{ startMs, endMs, text }];
}

function parseTime(text: string): number | null {
  const [, hours = '0', minutes = '', seconds = '', fraction = ''] = /^\s*(?:(\d{1,5}):)?(\d{2}):(\d{2})\.(\d{3})/.exec(text) ?? [];
  if (minutes === '') return null;
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 + Number(fraction);
}

/** Without tags (`<i>`, `<c.yellow>`, `<font …>`), ASS overrides (`{\an8}`) and control characters; entities become what they stand for. */
function plainText(markup: string): string {
  const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', nbsp: '\u00a0', lrm: '\u200e', rlm: '\u200f' };
  return markup
    .replaceAll(/<\/?[a-z][^<>\n]*>|<\d[\d:.]*>|\{\\[^{}\n]*\}/gi, '')
    .replaceAll(/&(amp|lt|gt|nbsp|lrm|rlm);/g, (_, name: string) => entities[name] ?? '')
    .split('\n')
    .map((line) => line.replaceAll(/\p{Cc}+/gu, ' ').trim())
    .filter((line) => line !== '')
    .join('\n');
}

/** Writes cues in order of their start, moved by `shiftMs`, cut to the film; what lies outside it is left out. */
export function writeWebVtt(cues: readonly Cue[], film: { readonly shiftMs: number; readonly durationMs: number }): string {
  const blocks = cues
    .map((cue) => ({
      text: cue.text,
      startMs: Math.max(0, cue.startMs + film.shiftMs),
      endMs: Math.min(film.durationMs, cue.endMs + film.shiftMs),
    }))
    .filter(({ startMs, endMs }) => endMs > startMs)
    .toSorted((left, right) => left.startMs - right.startMs || left.endMs - right.endMs)
    .map(({ startMs, endMs, text }) => `${writeTime(startMs)} --> ${writeTime(endMs)}\n${escapeText(text)}\n`);
  return ['WEBVTT\n', ...blocks].join('\n');
}

function writeTime(ms: number): string {
  const pad = (value: number, digits: number): string => String(Math.floor(value)).padStart(digits, '0');
  return `${pad(ms / 3600_000, 2)}:${pad((ms / 60_000) % 60, 2)}:${pad((ms / 1000) % 60, 2)}.${pad(ms % 1000, 3)}`;
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
