import { RegionsService, RegionState, type RegionNow } from '@bioscope/regions/contract';
import { useId, useRef, useState, type FormEvent, type ReactNode } from 'react';
import { CallError } from '../api/call-error.ts';
import type { Call } from '../api/call.ts';
import { newId } from '../api/new-id.ts';
import { CommandNote } from '../design/command-note.tsx';
import { perSecond } from '../design/format.ts';
import { typedText } from '../design/typed-text.ts';
import { useCommand } from '../design/use-command.ts';
import { texts } from '../texts.ts';

type LeadProps = { call: Call; now: RegionNow; isHearing: boolean; begun: () => void };

const REASON_LENGTH_MAX = 500;

/** The button that leads a region's traffic away or back, and what is said before it is done. */
export function LeadRegion({ call, now, isHearing, begun }: LeadProps): ReactNode {
  const words = texts.regions;
  const dialog = useRef<HTMLDialogElement>(null);
  const headingId = useId();
  const { state, run } = useCommand();
  // Of one opening of the dialog: pressed twice, or sent again after a lost answer, it is one run.
  const [commandId, setCommandId] = useState(newId);
  const name = now.region?.name ?? '';
  const isAway = now.region?.state === RegionState.EVACUATING || now.region?.state === RegionState.EVACUATED;
  const prospect = isAway ? now.restoring : now.evacuation;
  const refused = prospect?.refused ?? '';
  const forceable = refused === 'capacity' || refused === 'ill' ? refused : null;

  const open = (): void => {
    setCommandId(newId());
    dialog.current?.showModal();
  };
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const common = { region: name, force: fields.get('force') !== null, commandId };
    run(async () => {
      const { outcome } = isAway
        ? await call(RegionsService.method.restore, common)
        : await call(RegionsService.method.evacuate, { ...common, reason: typedText(fields, 'reason').trim() });
      if (outcome.case !== 'started') throw new CallError(outcome.value?.text ?? '', { failure: 'refused' });
      dialog.current?.close();
      begun();
    });
  };

  return (
    <>
      <button type="button" className={isAway ? 'button' : 'button button-bad'} onClick={open}>
        {isAway ? words.restore(name) : words.evacuate(name)}
      </button>
      <dialog ref={dialog} aria-labelledby={headingId}>
        <form className="form" onSubmit={submit}>
          <h2 id={headingId}>{isAway ? words.restoreSure(name) : words.evacuateSure(name)}</h2>
          <p>{words.now(perSecond(now.arrivedPerSecond), perSecond(now.startsPerSecond))}</p>
          <p className={refused === '' && isHearing ? '' : 'bad'}>{isHearing ? prospect?.text : words.deaf}</p>
          {isAway ? null : (
            <label>
              {words.why}
              <input name="reason" maxLength={REASON_LENGTH_MAX} />
            </label>
          )}
          {forceable === null ? null : (
            <label className="choice">
              <input type="checkbox" name="force" required /> {words.force[forceable]}
            </label>
          )}
          <CommandNote state={state.kind === 'done' ? { kind: 'idle' } : state} />
          <div className="actions">
            <button type="button" className="button" onClick={() => dialog.current?.close()}>
              {texts.cancel}
            </button>
            <button
              type="submit"
              className={isAway ? 'button button-light' : 'button button-bad'}
              disabled={state.kind === 'running' || !isHearing || (refused !== '' && forceable === null)}
            >
              {isAway ? words.restoreYes : words.evacuateYes}
            </button>
          </div>
        </form>
      </dialog>
    </>
  );
}
