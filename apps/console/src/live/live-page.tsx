import { OperatorService } from '@bioscope/playback/contract';
import { useMemo, type ReactNode } from 'react';
import type { Doors } from '../api/doors.ts';
import { useRemote } from '../api/use-remote.ts';
import { clock } from '../design/format.ts';
import { Known } from '../design/trouble.tsx';
import { Page, Part } from '../frame/page.tsx';
import { texts } from '../texts.ts';
import { Chart } from './chart.tsx';
import { hear, viewOf, type Heard, type LiveView } from './live-view.ts';

const EVERY_MS = 1_000;
/** What comes later is old. */
const DEADLINE_MS = 3_000;

/** How films are being started now. */
export function LivePage({ doors }: { doors: Pick<Doors, 'call'> }): ReactNode {
  const { call } = doors;
  const question = useMemo(
    () => ({
      ask: async (signal: AbortSignal, known: readonly Heard[] = []): Promise<readonly Heard[]> => {
        const answer = await call(OperatorService.method.getLive, {}, { signal, deadlineMs: DEADLINE_MS, again: false });
        return hear(known, answer, Date.now());
      },
      againAfterMs: () => EVERY_MS,
    }),
    [call],
  );
  const { remote, refresh } = useRemote<readonly Heard[]>(question);
  return (
    <Page name={texts.live.title}>
      <Known remote={remote} retry={refresh}>
        {(known) => <Figures view={viewOf(known)} />}
      </Known>
    </Page>
  );
}

function Figures({ view }: { view: LiveView }): ReactNode {
  const words = texts.live;
  const { atLeast, atMost } = view.sessions;
  return (
    <>
      <dl className="figures">
        <div>
          <dt>{words.streams}</dt>
          <dd>{atLeast === atMost ? words.count(atLeast) : words.between(atLeast, atMost)}</dd>
        </div>
        <div>
          <dt>{words.startsNow}</dt>
          <dd>{words.count(view.started.at(-1) ?? 0)}</dd>
        </div>
        <div>
          <dt>{words.lostNow}</dt>
          <dd>{words.count(view.lost.at(-1) ?? 0)}</dd>
        </div>
      </dl>
      <Part name={words.starts} id="starts">
        <Chart name={words.starts} values={view.started} tone="good" />
      </Part>
      <Part name={words.refusals} id="refusals">
        <Chart name={words.refusals} values={view.lost} tone="bad" />
        <Reasons view={view} />
      </Part>
      <p className="quiet">
        {words.processes(view.instances)}
        {view.sinceMs === null ? '' : words.since(clock(view.sinceMs))}
        {atLeast === atMost ? '' : words.betweenBecause}
      </p>
    </>
  );
}

function Reasons({ view: { reasons, failed } }: { view: LiveView }): ReactNode {
  const words = texts.live;
  if (reasons.length === 0 && failed === 0) return <p className="quiet">{words.noRefusals}</p>;
  return (
    <table className="table reasons">
      <caption className="visually-hidden">{words.byReason}</caption>
      <thead>
        <tr>
          <th scope="col">{words.reason}</th>
          <th scope="col">{words.inTwoMinutes}</th>
        </tr>
      </thead>
      <tbody>
        {failed === 0 ? null : (
          <tr>
            <th scope="row">{words.failed}</th>
            <td>{words.count(failed)}</td>
          </tr>
        )}
        {reasons.map(({ because, count }) => (
          <tr key={because}>
            <th scope="row">
              <code>{because}</code>
            </th>
            <td>{words.count(count)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
