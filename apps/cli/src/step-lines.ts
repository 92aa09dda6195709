import { StepState } from '@bioscope/studio/contract';
import type { Step } from '@bioscope/studio/contract';
import { bar } from './progress.ts';

/** One line per step of a work, names in one column. */
export function stepLines(steps: readonly Pick<Step, 'name' | 'state' | 'progress' | 'reason'>[], barColumns: number): string[] {
  const width = Math.max(0, ...steps.map((step) => step.name.length));
  return steps.map((step) => `  ${step.name.padEnd(width)}  ${describe(step, barColumns)}`);
}

function describe(step: Pick<Step, 'state' | 'progress' | 'reason'>, barColumns: number): string {
  if (step.state === StepState.RUNNING) return bar(step.progress, barColumns);
  if (step.state === StepState.DONE) return 'done';
  if (step.state === StepState.FAILED) return `failed: ${step.reason || 'no reason was given'}`;
  return 'waiting';
}
