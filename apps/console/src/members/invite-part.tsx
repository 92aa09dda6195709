import { IdentityService } from '@bioscope/identity/contract';
import { useState, type ReactNode } from 'react';
import type { Doors } from '../api/doors.ts';
import { CommandNote } from '../design/command-note.tsx';
import { moment } from '../design/format.ts';
import { useCommand } from '../design/use-command.ts';
import { Part } from '../frame/page.tsx';
import { texts } from '../texts.ts';

/** Makes a link with which somebody else becomes an operator. */
export function InvitePart({ doors }: { doors: Pick<Doors, 'call'> }): ReactNode {
  const { state, run } = useCommand();
  const [invite, setInvite] = useState<{ link: string; expiresAtMs: number } | null>(null);
  const make = (): void =>
    run(async () => {
      // Not again: a link that nobody got to see is still one.
      setInvite(await doors.call(IdentityService.method.createOperatorInvite, {}, { again: false }));
    });
  return (
    <Part name={texts.members.invite} id="invite">
      <p className="quiet">{texts.members.inviteAbout}</p>
      <div className="actions">
        <button type="button" className="button" onClick={make} disabled={state.kind === 'running'}>
          {texts.members.inviteMake}
        </button>
        {state.kind === 'failed' ? <CommandNote state={state} /> : null}
      </div>
      {invite === null ? null : (
        <output>
          <code>{invite.link}</code> <span className="quiet">{texts.members.inviteUntil(moment(invite.expiresAtMs))}</span>
        </output>
      )}
    </Part>
  );
}
