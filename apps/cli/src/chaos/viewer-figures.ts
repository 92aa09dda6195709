import type { Counts, FigureSource } from '@bioscope/chaos';
import type { Counts as ViewerCounts, Viewers } from '@bioscope/viewer';

/** Synthetic viewers as the measure of how people fare. */
export function viewerFigures(viewers: Pick<Viewers, 'figures'>): FigureSource {
  return {
    read() {
      const { atMs, counts, cohorts, viewers: present } = viewers.figures();
      const { control, experiment } = cohorts;
      return {
        atMs,
        playing: present.playing,
        counts: countsOf(counts),
        cohorts: { control: countsOf(control.counts), experiment: countsOf(experiment.counts) },
      };
    },
  };
}

function countsOf(counts: ViewerCounts): Counts {
  const { startsBegun, startsFailed, requests, requestsFailed, sessionsStalled, sessionsBroken, playedMs, stalledMs } = counts;
  return { startsBegun, startsFailed, requests, requestsFailed, sessionsStalled, sessionsBroken, playedMs, stalledMs };
}
