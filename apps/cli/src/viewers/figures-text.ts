import type { Figures, Summary } from '@bioscope/viewer';
import { bytesText } from '../progress.ts';
import { table } from '../table.ts';

/** What a person sees of running viewers, line by line. */
export function figuresLines(figures: Figures): readonly string[] {
  const { wanted, playing, starting, browsing, stalled } = figures.viewers;
  return [`${wanted} viewers: ${playing} playing, ${starting} starting, ${browsing} browsing, ${stalled} stalled`, ...countLines(figures)];
}

function countLines(figures: Figures): readonly string[] {
  const { counts, firstFrameMs } = figures;
  return [
    `starts   ${figures.startsPerSecond.toFixed(1)}/s · ${counts.startsBegun} begun, ${counts.startsFailed} failed, ${counts.startsRefused} refused · first frame ${firstFrameMs.median} ms (95 % ${firstFrameMs.p95} ms, longest ${firstFrameMs.longest} ms)`,
    `playing  rebuffer ratio ${(figures.rebufferRatio * 100).toFixed(3)} % · ${counts.stalls} stalls, the longest ${(figures.stallLongestMs / 1000).toFixed(1)} s · ${counts.sessionsStalled} sessions stalled too long, ${counts.sessionsBroken} broken`,
    `requests ${counts.requests}: ${counts.requestsFailed} failed, ${counts.requestsUnheard} unheard · ${counts.attempts} attempts, ${counts.attemptsFailed} failed · ${bytesText(counts.bytes)}`,
    '',
    ...doorLines(figures),
  ];
}

export function summaryText(summary: Summary): string {
  const seconds = Math.round((summary.atMs - summary.startedAtMs) / 1000);
  return [
    ...countLines(summary),
    '',
    `${seconds} s · ${summary.secondsWatched} s of film watched · ${summary.requestsFailedPerMillion.toFixed(0)} of a million requests failed · ${(summary.cpuMs / 1000).toFixed(1)} s of CPU here`,
    '',
  ].join('\n');
}

function doorLines({ doors }: Figures): readonly string[] {
  const rows = Object.entries(doors).map(([door, { requests, failed, unheard, attempts, attemptsFailed }]) => [
    door,
    requests,
    failed,
    unheard,
    attempts,
    Object.entries(attemptsFailed)
      .map(([failure, times]) => `${times} ${failure}`)
      .join(', '),
  ]);
  return table(['door', 'requests', 'failed', 'unheard', 'attempts', 'attempts that failed'], rows).trimEnd().split('\n');
}
