import type { ReactNode } from 'react';
import { randomId } from '../api/random-id.ts';
import { Link } from '../design/link.tsx';
import { day } from '../design/money.ts';
import { useTask } from '../design/use-task.ts';
import { QuietPage } from '../frame/quiet-page.tsx';
import { useHouse } from '../member/member-context.tsx';
import { CANCEL } from '../membership/operations.ts';
import { useStanding } from '../membership/use-standing.ts';
import { goTo, pathOf } from '../router.ts';
import { locale, membershipText, text } from '../texts.ts';

/** One question, both answers equally near. */
export default function CancelPage(): ReactNode {
  const { doors } = useHouse();
  const { remote } = useStanding();
  const task = useTask();
  const membership = remote.kind === 'ready' ? remote.value.membership : null;
  const untilMs = membership?.state === 'ACTIVE' || membership?.state === 'TRIAL' ? membership.periodUntilMs : null;
  const cancel = async (): Promise<string | undefined> => {
    const { refused } = (await doors.ask(CANCEL, { commandId: randomId() })).cancelMembership;
    if (refused !== null) return membershipText(refused);
    goTo(pathOf.account, 'replace');
    return undefined;
  };
  return (
    <QuietPage
      name={text('account.cancel')}
      heading={text('account.cancelTitle')}
      lead={
        membership === null
          ? undefined
          : untilMs === null
            ? text('account.cancelTextNow')
            : text('account.cancelText', { date: day(untilMs, locale()) })
      }
    >
      {task.problem === undefined ? null : <p role="alert">{task.problem}</p>}
      <div className="actions">
        <button type="button" className="button button-light" onClick={() => task.run(cancel)}>
          {task.working ? text('action.working') : text('account.cancelConfirm')}
        </button>
        <Link to={pathOf.account} className="button">
          {text('account.cancelKeep')}
        </Link>
      </div>
    </QuietPage>
  );
}
