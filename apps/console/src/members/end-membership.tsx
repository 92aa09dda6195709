import { MembershipService, Refusal } from '@bioscope/membership/contract';
import { useState, type FormEvent, type ReactNode } from 'react';
import { CallError } from '../api/call-error.ts';
import type { Doors } from '../api/doors.ts';
import { newId } from '../api/new-id.ts';
import { CommandNote } from '../design/command-note.tsx';
import { typedText } from '../design/typed-text.ts';
import { useCommand } from '../design/use-command.ts';
import { texts } from '../texts.ts';

type EndProps = {
  doors: Pick<Doors, 'call'>;
  accountId: string;
  /** A payment is missing: there is no paid period whose end could be waited for. */
  isUnpaid: boolean;
  ended: () => void;
};

/** Cancels for a member, at the end of what is paid for; until then the member may undo it. */
export function EndMembership({ doors, accountId, isUnpaid, ended }: EndProps): ReactNode {
  const { state, run } = useCommand();
  const [commandId] = useState(newId);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const why = typedText(new FormData(event.currentTarget), 'why').trim();
    run(async () => {
      const { refused } = await doors.call(MembershipService.method.endMembership, { accountId, why, commandId });
      ended();
      // They have left by themselves meanwhile.
      if (refused !== Refusal.NONE) throw new CallError(texts.members.endRefused, { failure: 'refused' });
    });
  };
  return (
    <details>
      <summary>{texts.members.end}</summary>
      <form className="form form-line" onSubmit={submit}>
        <label>
          {texts.members.endWhy}
          <input name="why" required maxLength={100} />
        </label>
        <button type="submit" className="button button-bad" disabled={state.kind === 'running'}>
          {isUnpaid ? texts.members.endAtOnce : texts.members.endIt}
        </button>
        <CommandNote state={state} />
      </form>
    </details>
  );
}
