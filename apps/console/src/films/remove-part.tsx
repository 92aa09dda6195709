import { CatalogService, type Title } from '@bioscope/catalog/contract';
import { useRef, type ReactNode } from 'react';
import type { Doors } from '../api/doors.ts';
import { CommandNote } from '../design/command-note.tsx';
import { useCommand } from '../design/use-command.ts';
import { goTo, pathOf } from '../router.ts';
import { texts } from '../texts.ts';

/** The end of a film, asked for twice. */
export function RemovePart({ doors, title }: { doors: Pick<Doors, 'call'>; title: Title }): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const { state, run } = useCommand();
  const remove = (): void => {
    dialog.current?.close();
    run(async () => {
      await doors.call(CatalogService.method.removeTitle, { titleId: title.id });
      goTo(pathOf.films, 'replace');
    });
  };
  return (
    <>
      <p className="quiet">{texts.film.removeAbout}</p>
      <div className="actions">
        <button type="button" className="button button-bad" onClick={() => dialog.current?.showModal()} disabled={state.kind === 'running'}>
          {texts.film.remove}
        </button>
        <CommandNote state={state} />
      </div>
      <dialog ref={dialog} aria-labelledby="remove-sure">
        <p id="remove-sure">{texts.film.removeSure(title.name)}</p>
        <div className="actions">
          <button type="button" className="button" onClick={() => dialog.current?.close()}>
            {texts.cancel}
          </button>
          <button type="button" className="button button-bad" onClick={remove}>
            {texts.film.removeYes}
          </button>
        </div>
      </dialog>
    </>
  );
}
