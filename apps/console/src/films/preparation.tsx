import { StepState, StudioService, WorkState, type Step } from '@bioscope/studio/contract';
import type { ReactNode } from 'react';
import type { Doors } from '../api/doors.ts';
import { Bar } from '../design/bar.tsx';
import { CommandNote } from '../design/command-note.tsx';
import { percent } from '../design/format.ts';
import { Mark, type Tone } from '../design/mark.tsx';
import { useCommand } from '../design/use-command.ts';
import { texts } from '../texts.ts';
import type { Film } from './film.ts';

/** The steps of a film's preparation, each rung's among them, with the cause of a failure and the way on. */
export function Preparation({ doors, film, refresh }: { doors: Pick<Doors, 'call'>; film: Film; refresh: () => void }): ReactNode {
  const { state, run } = useCommand();
  const { work } = film;
  if (work === undefined) return <p className="quiet">{texts.film.noSteps}</p>;
  const retry = (): void =>
    run(async () => {
      await doors.call(StudioService.method.retryWork, { workId: work.id });
      refresh();
    });
  return (
    <>
      {work.reason === '' ? null : (
        <p className="bad" role="alert">
          {work.reason}
        </p>
      )}
      <ol className="steps">
        {work.steps.map((step) => (
          <StepLine key={step.name} step={step} />
        ))}
      </ol>
      {work.state === WorkState.FAILED ? (
        <div className="actions">
          <button type="button" className="button button-light" onClick={retry} disabled={state.kind === 'running'}>
            {texts.film.retry}
          </button>
          <CommandNote state={state} />
        </div>
      ) : null}
    </>
  );
}

const TONES: Readonly<Record<StepState, Tone>> = {
  [StepState.UNSPECIFIED]: 'quiet',
  [StepState.WAITING]: 'quiet',
  [StepState.RUNNING]: 'busy',
  [StepState.DONE]: 'good',
  [StepState.FAILED]: 'bad',
};

function StepLine({ step }: { step: Step }): ReactNode {
  return (
    <li>
      <span className="step-name">{step.name}</span>
      <Bar share={step.progress} label={step.name} />
      <Mark tone={TONES[step.state] ?? 'quiet'}>
        {step.state === StepState.RUNNING ? percent(step.progress) : (texts.stepState[step.state] ?? texts.stepState[0])}
      </Mark>
    </li>
  );
}
