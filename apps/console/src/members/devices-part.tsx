import { IdentityService, type Device } from '@bioscope/identity/contract';
import { useMemo, useState, type ReactNode } from 'react';
import { CallError } from '../api/call-error.ts';
import type { Doors } from '../api/doors.ts';
import { newId } from '../api/new-id.ts';
import { useRemote } from '../api/use-remote.ts';
import { CommandNote } from '../design/command-note.tsx';
import { moment } from '../design/format.ts';
import { Known } from '../design/trouble.tsx';
import { useCommand } from '../design/use-command.ts';
import { Part } from '../frame/page.tsx';
import { texts } from '../texts.ts';

/** Where an account is signed in, and the way to end that everywhere. */
export function DevicesPart({ doors, accountId }: { doors: Pick<Doors, 'call'>; accountId: string }): ReactNode {
  const { call } = doors;
  const { state, run } = useCommand();
  const [commandId, setCommandId] = useState(newId);
  const { remote, refresh } = useRemote<readonly Device[]>(
    useMemo(
      () => ({ ask: async (signal) => (await call(IdentityService.method.listDevices, { accountId }, { signal })).devices }),
      [call, accountId],
    ),
  );
  const signOut = (): void =>
    run(async () => {
      const { outcome } = await call(IdentityService.method.signOutAccount, { accountId, commandId });
      if (outcome.case === 'refused') throw new CallError(outcome.value.message, { failure: 'refused' });
      setCommandId(newId());
      refresh();
    });
  return (
    <Part name={texts.members.devices} id="devices">
      <Known remote={remote} retry={refresh}>
        {(devices) =>
          devices.length === 0 ? (
            <p className="quiet">{texts.members.noDevices}</p>
          ) : (
            <>
              <ul className="rows">
                {devices.map((device) => (
                  <li key={device.id} className="row">
                    <span className="row-main">
                      <strong>{device.name || device.kind}</strong>
                    </span>
                    <span className="row-side quiet">
                      {device.kind} · {texts.members.lastSeen(moment(device.lastSeenMs))}
                    </span>
                  </li>
                ))}
              </ul>
              <div className="actions">
                <button type="button" className="button button-bad" onClick={signOut} disabled={state.kind === 'running'}>
                  {texts.members.signOutAll}
                </button>
                {state.kind === 'failed' ? <CommandNote state={state} /> : null}
              </div>
            </>
          )
        }
      </Known>
    </Part>
  );
}
