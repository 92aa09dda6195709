import { OperatorService as Discovery, type ListInstancesResponse } from '@bioscope/discovery/contract';
import { OperatorService as Regions, RegionsService, type ListRunsResponse, type ShowRegionsResponse } from '@bioscope/regions/contract';
import { useMemo } from 'react';
import type { Call } from '../api/call.ts';
import { useRemote } from '../api/use-remote.ts';

/** Gateways report as often. */
const REGIONS_EVERY_MS = 1_000;
/** A start or an end is news soon enough. */
const INSTANCES_EVERY_MS = 2_000;
const RUNS_EVERY_MS = 10_000;
/** What comes later is old. */
const DEADLINE_MS = 5_000;
const RUNS_SHOWN_MAX = 10;

export function useRegions(call: Call): ReturnType<typeof useRemote<ShowRegionsResponse>> {
  const question = useMemo(
    () => ({
      ask: (signal: AbortSignal) => call(Regions.method.showRegions, {}, { signal, deadlineMs: DEADLINE_MS, again: false }),
      againAfterMs: () => REGIONS_EVERY_MS,
    }),
    [call],
  );
  return useRemote<ShowRegionsResponse>(question);
}

export function useInstances(call: Call): ReturnType<typeof useRemote<ListInstancesResponse>> {
  const question = useMemo(
    () => ({
      ask: (signal: AbortSignal) => call(Discovery.method.listInstances, {}, { signal, deadlineMs: DEADLINE_MS, again: false }),
      againAfterMs: () => INSTANCES_EVERY_MS,
    }),
    [call],
  );
  return useRemote<ListInstancesResponse>(question);
}

/** The last runs, newest first. */
export function useRuns(call: Call): ReturnType<typeof useRemote<ListRunsResponse>> {
  const question = useMemo(
    () => ({
      ask: (signal: AbortSignal) => call(RegionsService.method.listRuns, { limit: RUNS_SHOWN_MAX }, { signal }),
      againAfterMs: () => RUNS_EVERY_MS,
    }),
    [call],
  );
  return useRemote<ListRunsResponse>(question);
}
