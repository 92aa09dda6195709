import { useMemo, type ReactNode } from 'react';
import { useRemote } from '../api/use-remote.ts';
import { dateAndTime } from '../design/format.ts';
import { useTask } from '../design/use-task.ts';
import { useHouse } from '../member/member-context.tsx';
import { useGuardedChange } from '../member/use-guarded-change.tsx';
import { identityText, locale, text } from '../texts.ts';
import { deviceName } from './device-name.ts';
import { SECURITY, SIGN_OUT_DEVICE, type Security } from './operations.ts';
import { Row, Section } from './section.tsx';

/** Where the account is signed in. */
export function DevicesSection({ deviceId }: { deviceId: string }): ReactNode {
  const { doors, session } = useHouse();
  const question = useMemo(() => ({ key: 'security', ask: (signal: AbortSignal) => doors.ask(SECURITY, {}, { signal }) }), [doors]);
  const { remote, retry } = useRemote<Security>(question);
  const guarded = useGuardedChange();
  const task = useTask();
  const everywhere = async (): Promise<string | undefined> => {
    const answer = await session.ask('sign-out-everywhere');
    return answer.kind === 'refused' ? identityText(answer.because) : undefined;
  };
  return (
    <Section heading={text('account.devices')}>
      {guarded.proof}
      {(remote.kind === 'ready' ? remote.value.devices : []).map(({ id, name, kind, lastSeenMs }) => (
        <Row
          key={id}
          name={deviceName({ name, kind })}
          value={id === deviceId ? text('account.thisDevice') : text('account.lastUsed', { date: dateAndTime(lastSeenMs, locale()) })}
        >
          {id === deviceId ? undefined : (
            <button
              type="button"
              className="button"
              onClick={() => guarded.change(async () => (await doors.ask(SIGN_OUT_DEVICE, { deviceId: id })).signOutDevice, retry)}
            >
              {text('account.removeDevice')}
            </button>
          )}
        </Row>
      ))}
      {guarded.problem === undefined ? null : <p role="alert">{guarded.problem}</p>}
      <Row name={text('account.signOutEverywhere')} value={text('account.signOutEverywhereText')}>
        <button type="button" className="button" onClick={() => task.run(everywhere)}>
          {task.working ? text('action.working') : text('account.signOutEverywhere')}
        </button>
      </Row>
      {task.problem === undefined ? null : <p role="alert">{task.problem}</p>}
    </Section>
  );
}
