import { MediaFault, refusedFault } from './fault.ts';
import { lastComplaint, runGuarded } from './guarded.ts';
import type { ProcessLimits } from './limits.ts';

/**
 * Runs ffmpeg for a result that has to come: every other end is a fault. Hitting a limit is the film's fault (the limits are far above what any
 * film needs); a failure without a known cause is ours.
 */
export async function runEncoder(request: {
  readonly args: readonly string[];
  readonly limits: ProcessLimits;
  readonly signal?: AbortSignal;
  /** How many frames or microseconds make the whole, to tell progress by. */
  readonly frames?: number;
  readonly durationUs?: number;
  readonly onProgress?: (share: number) => void;
  /** Lines that a filter prints among those of the progress. */
  onLine?(line: string): void;
}): Promise<string> {
  const { onProgress } = request;
  const end = await runGuarded({
    program: 'ffmpeg',
    args: ['-hide_banner', '-nostdin', '-nostats', '-v', 'level+info', '-progress', 'pipe:1', '-stats_period', '0.5', ...request.args],
    limits: request.limits,
    ...(request.signal === undefined ? {} : { signal: request.signal }),
    onLine(line) {
      request.onLine?.(line);
      const share = shareOf(line, request);
      if (share !== null) onProgress?.(Math.min(1, share));
    },
  });
  switch (end.kind) {
    case 'done':
      return end.stderr;
    case 'limit':
      throw refusedFault({
        code: 'too_costly',
        message: `Preparing this film went over its limit of ${end.limit} use. Export it in a common format.`,
      });
    case 'failed':
      throw new MediaFault('MEDIA_PROGRAM_FAILED', `ffmpeg ended with ${end.exitCode}: ${lastComplaint(end.stderr)}`);
    default:
      return end satisfies never;
  }
}

function shareOf(line: string, whole: { readonly frames?: number; readonly durationUs?: number }): number | null {
  const [name, value] = line.split('=');
  const amount = Number(value);
  if (!Number.isFinite(amount) || amount < 0) return null;
  if (name === 'frame' && whole.frames !== undefined) return amount / whole.frames;
  if (name === 'out_time_us' && whole.durationUs !== undefined) return amount / whole.durationUs;
  return null;
}
