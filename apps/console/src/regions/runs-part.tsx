import { RegionsService, type Run } from '@bioscope/regions/contract';
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import type { Call } from '../api/call.ts';
import { useRemote } from '../api/use-remote.ts';
import { moment, runtime } from '../design/format.ts';
import { Mark, type Tone } from '../design/mark.tsx';
import { Known } from '../design/trouble.tsx';
import { Part } from '../frame/page.tsx';
import { texts } from '../texts.ts';
import { nameOf } from './name-of.ts';
import { RunSteps } from './run-steps.tsx';
import { useRuns } from './use-regions.ts';

/** The runs that are over, with their reports. `runningId`: of the one that goes on; "" when none does. */
export function RunsPart({ call, runningId }: { call: Call; runningId: string }): ReactNode {
  const words = texts.regions;
  const { remote, refresh } = useRuns(call);
  const wasRunning = useRef(runningId);
  useEffect(() => {
    if (wasRunning.current === runningId) return;
    wasRunning.current = runningId;
    // What ended just now is wanted at once.
    refresh();
  }, [refresh, runningId]);
  return (
    <Part name={words.runs} id="runs">
      <Known remote={remote} retry={refresh}>
        {({ runs }) => {
          const ended = runs.filter(({ endedAtMs }) => endedAtMs > 0);
          if (ended.length === 0) return <p className="quiet">{words.noRuns}</p>;
          return (
            <ul className="rows">
              {ended.map((run) => (
                <RunRow key={run.id} call={call} run={run} />
              ))}
            </ul>
          );
        }}
      </Known>
    </Part>
  );
}

const TONES: Readonly<Record<string, Tone>> = { done: 'good', given_up: 'bad', superseded: 'quiet' };

function RunRow({ call, run }: { call: Call; run: Run }): ReactNode {
  const words = texts.regions;
  const [isOpen, setIsOpen] = useState(false);
  const { outcome, verification } = run;
  return (
    <li>
      <details className="row" onToggle={(event) => setIsOpen(event.currentTarget.open)}>
        <summary>
          <span className="row-main">
            {nameOf(run)}
            <span className="quiet">
              {moment(run.startedAtMs)}, {words.took(runtime(run.endedAtMs - run.startedAtMs))}, {run.by === '' ? words.byItself : run.by}
            </span>
          </span>
          <span className="row-side">
            {verification === undefined ? null : (
              <Mark tone={verification.passed ? 'good' : 'bad'}>{verification.passed ? words.verified : words.notVerified}</Mark>
            )}
            <Mark tone={TONES[outcome] ?? 'quiet'}>
              {outcome in words.outcome ? words.outcome[outcome as keyof typeof words.outcome] : outcome}
            </Mark>
          </span>
        </summary>
        {isOpen ? <Report call={call} run={run} /> : null}
      </details>
    </li>
  );
}

function Report({ call, run: { id, reason, verification } }: { call: Call; run: Run }): ReactNode {
  const question = useMemo(() => ({ ask: (signal: AbortSignal) => call(RegionsService.method.getRun, { id }, { signal }) }), [call, id]);
  const { remote, refresh } = useRemote(question);
  return (
    <div className="row-inside">
      {reason === '' ? null : <p>{texts.regions.because(reason)}</p>}
      {verification === undefined ? null : <p>{verification.text}</p>}
      <Known remote={remote} retry={refresh}>
        {({ run }) => (run === undefined ? null : <RunSteps run={run} />)}
      </Known>
    </div>
  );
}
