import { EditorialService, EVERYWHERE, type Title } from '@bioscope/catalog/contract';
import { useId, useMemo, useState, type FormEvent, type ReactNode } from 'react';
import type { Doors } from '../api/doors.ts';
import { CommandNote } from '../design/command-note.tsx';
import { useCommand } from '../design/use-command.ts';
import { texts } from '../texts.ts';
import { countryNames } from '../countries.ts';
import { draftOf, placeName, readWindows, type WindowDraft } from './windows.ts';

/** Where and when a film can be watched. */
export function WindowsForm({
  doors,
  title,
  changed,
}: {
  doors: Pick<Doors, 'call'>;
  title: Title;
  changed: (title: Title | undefined) => void;
}): ReactNode {
  const names = useMemo(() => countryNames(), []);
  const nameOf = (code: string): string | undefined => names.get(code);
  const listId = useId();
  const [drafts, setDrafts] = useState<readonly WindowDraft[]>(() => title.windows.map((window, at) => draftOf(window, `known-${at}`)));
  const [wrong, setWrong] = useState<{ key: string; message: string } | null>(null);
  const [added, setAdded] = useState(0);
  const { state, run } = useCommand();
  const isNowhere = title.windows.length === 0;

  const change = (key: string, part: Partial<WindowDraft>): void =>
    setDrafts(drafts.map((draft) => (draft.key === key ? { ...draft, ...part } : draft)));
  const add = (): void => {
    setDrafts([...drafts, { key: `added-${added}`, country: drafts.length === 0 ? EVERYWHERE : '', from: '', until: '' }]);
    setAdded(added + 1);
  };
  const save = (wanted: readonly WindowDraft[]): void => {
    const reading = readWindows(wanted, nameOf);
    setWrong(reading.kind === 'wrong' ? reading : null);
    if (reading.kind === 'wrong') return;
    run(async () => {
      const answer = await doors.call(EditorialService.method.setWindows, { titleId: title.id, windows: reading.windows });
      setDrafts(wanted);
      changed(answer.title);
    });
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save(drafts);
  };

  return (
    <form className="form form-wide" onSubmit={submit}>
      <p className="quiet">{texts.film.windowsAbout}</p>
      <datalist id={listId}>
        <option value={EVERYWHERE}>{texts.film.everywhere}</option>
        {[...names].map(([code, name]) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </datalist>
      {drafts.length === 0 ? <p>{texts.film.nowhere}</p> : null}
      {drafts.map((draft) => (
        <WindowFields
          key={draft.key}
          draft={draft}
          place={placeName(draft.country.trim().toUpperCase(), nameOf)}
          listId={listId}
          wrong={wrong?.key === draft.key ? wrong.message : ''}
          change={(part) => change(draft.key, part)}
          remove={() => setDrafts(drafts.filter(({ key }) => key !== draft.key))}
        />
      ))}
      <div className="actions">
        <button type="button" className="button" onClick={add}>
          {texts.film.addWindow}
        </button>
        <button type="submit" className="button button-light" disabled={state.kind === 'running'}>
          {texts.save}
        </button>
        <CommandNote state={state} />
      </div>
      <div className="actions">
        <button
          type="button"
          className="button button-quiet"
          disabled={state.kind === 'running'}
          onClick={() => save(isNowhere ? [{ key: 'everywhere', country: EVERYWHERE, from: '', until: '' }] : [])}
        >
          {isNowhere ? texts.film.offerEverywhere : texts.film.offerNowhere}
        </button>
      </div>
    </form>
  );
}

type WindowFieldsProps = {
  draft: WindowDraft;
  /** The country's name in full, or what was typed. */
  place: string;
  listId: string;
  wrong: string;
  change: (part: Partial<WindowDraft>) => void;
  remove: () => void;
};

function WindowFields({ draft, place, listId, wrong, change, remove }: WindowFieldsProps): ReactNode {
  return (
    <fieldset className="window">
      <legend>{place === '' ? texts.film.country : place}</legend>
      <div className="fields">
        <label>
          {texts.film.country}
          <input
            value={draft.country}
            list={listId}
            required
            maxLength={2}
            spellCheck={false}
            autoCapitalize="characters"
            aria-invalid={wrong !== ''}
            onChange={(event) => change({ country: event.target.value })}
          />
        </label>
        <label>
          {texts.film.from}
          <input type="datetime-local" value={draft.from} onChange={(event) => change({ from: event.target.value })} />
        </label>
        <label>
          {texts.film.until}
          <input type="datetime-local" value={draft.until} onChange={(event) => change({ until: event.target.value })} />
        </label>
        <button type="button" className="button button-quiet" aria-label={texts.film.removeWindow(place)} onClick={remove}>
          {texts.films.dismiss}
        </button>
      </div>
      {wrong === '' ? null : (
        <p className="bad" role="alert">
          {wrong}
        </p>
      )}
    </fieldset>
  );
}
