import { EditorialService } from '@bioscope/catalog/contract';
import { useState, type FormEvent, type ReactNode } from 'react';
import type { Doors } from '../api/doors.ts';
import { newId } from '../api/new-id.ts';
import { CommandNote } from '../design/command-note.tsx';
import { typedText } from '../design/typed-text.ts';
import { useCommand } from '../design/use-command.ts';
import { goTo, pathOf } from '../router.ts';
import { texts } from '../texts.ts';

/** Makes a series, and goes to its page, where it gets its seasons. */
export function NewSeries({ doors }: { doors: Pick<Doors, 'call'> }): ReactNode {
  const { state, run } = useCommand();
  const [titleId] = useState(newId);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const name = typedText(new FormData(event.currentTarget), 'name').trim();
    run(async () => {
      await doors.call(EditorialService.method.createSeries, { titleId, name });
      goTo(pathOf.film(titleId));
    });
  };
  return (
    <details>
      <summary>{texts.series.make}</summary>
      <form className="form form-line" onSubmit={submit}>
        <label>
          {texts.film.name}
          <input name="name" required maxLength={200} />
        </label>
        <button type="submit" className="button" disabled={state.kind === 'running'}>
          {texts.series.makeIt}
        </button>
        <CommandNote state={state} />
      </form>
    </details>
  );
}
