import { WorkState } from '@bioscope/studio/contract';

const NAMES: Partial<Record<WorkState, string>> = {
  [WorkState.RUNNING]: 'running',
  [WorkState.DONE]: 'done',
  [WorkState.REFUSED]: 'refused',
  [WorkState.FAILED]: 'failed',
};

/** The word for a state in JSON. */
export function workStateName(state: WorkState): string {
  return NAMES[state] ?? 'unknown';
}
