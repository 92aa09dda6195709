import type { VideoShape } from './streams.ts';
import type { SecondOpinion } from './second-parser.ts';

/** What ffprobe found, as far as the second parser can confirm it. */
export type FirstOpinion = {
  readonly shape: Pick<VideoShape, 'codedWidth' | 'codedHeight'>;
  readonly video: TrackCount;
  readonly audio: TrackCount;
  /** As the headers declare it, and as the packets that are there add up. */
  readonly declaredSeconds: number | null;
  readonly packetSeconds: number;
  /** What is there is known to be damaged. */
  readonly truncated: boolean;
};
/** `known`: those whose codec the second parser knows; transport streams tell it nothing of the others. */
export type TrackCount = { readonly all: number; readonly known: number };

export type Agreement =
  | { readonly kind: 'agreed' }
  /** The second parser has nothing to say; why it is let pass. */
  | { readonly kind: 'silent'; readonly because: string }
  | { readonly kind: 'disagreed'; readonly because: string };

/**
 * Two parsers that share no code must see the same film: a file made to look different to different readers (one for the check, one for the
 * encoder) is refused. Resolved in favour of ffprobe, with a warning, where the second parser gives up on a file that is known to be cut short.
 */
export function compareOpinions(first: FirstOpinion, second: SecondOpinion): Agreement {
  switch (second.kind) {
    case 'unknown_container':
      return { kind: 'silent', because: 'the second parser does not know this container' };
    case 'unreadable':
      return first.truncated
        ? { kind: 'silent', because: `the second parser does not read damaged files: ${second.because}` }
        : { kind: 'disagreed', because: `one parser reads it, the other does not (${second.because})` };
    case 'read': {
      const because = difference(first, second);
      return because === null ? { kind: 'agreed' } : { kind: 'disagreed', because };
    }
    default:
      return second satisfies never;
  }
}

function difference(first: FirstOpinion, second: Extract<SecondOpinion, { kind: 'read' }>): string | null {
  if (!counts(first.video, second.video.length)) return `${first.video.all} or ${second.video.length} video tracks`;
  if (!counts(first.audio, second.audioTracks)) return `${first.audio.all} or ${second.audioTracks} audio tracks`;
  if (second.video.length === 0) return null;
  const { codedWidth, codedHeight } = first.shape;
  if (!second.video.some(({ width, height }) => near(width, codedWidth) && near(height, codedHeight)))
    return `${codedWidth}x${codedHeight} or ${second.video.map(({ width, height }) => `${width}x${height}`).join(', ')} pixels`;
  if (first.truncated || second.durationSeconds === null) return null;
  const seconds = second.durationSeconds;
  const bounds = [first.packetSeconds, ...(first.declaredSeconds === null ? [] : [first.declaredSeconds])];
  return bounds.some((bound) => Math.abs(bound - seconds) <= Math.max(DURATION_SECONDS_SLACK, bound * DURATION_SHARE_SLACK))
    ? null
    : `${bounds.map((bound) => bound.toFixed(2)).join(' or ')} or ${seconds.toFixed(2)} seconds long`;
}

function counts({ all, known }: TrackCount, seen: number): boolean {
  return seen >= known && seen <= all;
}

/** Coded sizes are told with or without the rows that fill the last macroblock. */
function near(left: number, right: number): boolean {
  return Math.abs(left - right) < 16;
}
/** Headers, edit lists and the last packet's duration are counted differently. */
const DURATION_SECONDS_SLACK = 1;
const DURATION_SHARE_SLACK = 0.02;
