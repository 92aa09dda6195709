import { MembershipService } from '@bioscope/membership/contract';
import { useState, type ReactNode } from 'react';
import type { Doors } from '../api/doors.ts';
import { newId } from '../api/new-id.ts';
import { CommandNote } from '../design/command-note.tsx';
import { useCommand } from '../design/use-command.ts';
import { texts } from '../texts.ts';

const DAY_MS = 86_400_000;
const STEPS_DAYS = [1, 7, 31] as const;

/** Lets an account's own time pass, to see what becomes of it. Services that are for real refuse, and say so. */
export function TestClock({ doors, accountId, moved }: { doors: Pick<Doors, 'call'>; accountId: string; moved: () => void }): ReactNode {
  const { state, run } = useCommand();
  // One id for one intention: a second try after an answer that was lost must not move the clock twice.
  const [commandId, setCommandId] = useState(newId);
  const advance = (days: number): void =>
    run(async () => {
      await doors.call(MembershipService.method.advanceClock, { accountId, byMs: days * DAY_MS, commandId: `${commandId}-${days}` });
      setCommandId(newId());
      moved();
    });
  return (
    <details>
      <summary>{texts.members.testClock}</summary>
      <p className="quiet">{texts.members.testClockAbout}</p>
      <div className="actions">
        {STEPS_DAYS.map((days) => (
          <button key={days} type="button" className="button" disabled={state.kind === 'running'} onClick={() => advance(days)}>
            {texts.members.days(days)}
          </button>
        ))}
        <CommandNote state={state} />
      </div>
    </details>
  );
}
