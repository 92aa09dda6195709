import type { Run } from '@bioscope/regions/contract';
import type { ReactNode } from 'react';
import { clock } from '../design/format.ts';
import { Mark } from '../design/mark.tsx';
import { texts } from '../texts.ts';
import { nameOf } from './name-of.ts';

/** What a run did, step by step; screen readers are told of new ones while it goes on. */
export function RunSteps({ run, isLive = false }: { run: Run; isLive?: boolean }): ReactNode {
  const words = texts.regions;
  const steps = (
    <ol className="timeline" aria-label={words.stepsOf(nameOf(run))} {...(isLive ? { 'aria-live': 'polite' as const } : {})}>
      {run.steps.map((step) => (
        <li key={`${step.atMs} ${step.kind} ${step.bridgeShare} ${step.weight}`}>
          <span className="quiet">{clock(step.atMs)}</span>
          <span>{step.kind}</span>
          <span>{step.text}</span>
        </li>
      ))}
    </ol>
  );
  if (!isLive) return steps;
  return (
    <div className="card run">
      <div className="actions">
        <strong>{nameOf(run)}</strong>
        <Mark tone="busy">{words.under}</Mark>
        <span className="quiet">{run.by === '' ? words.byItself : run.by}</span>
      </div>
      {run.reason === '' ? null : <p>{words.because(run.reason)}</p>}
      {steps}
    </div>
  );
}
