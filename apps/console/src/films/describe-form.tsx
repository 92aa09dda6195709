import { EditorialService, GENRES, MATURITIES, type Title } from '@bioscope/catalog/contract';
import type { FormEvent, ReactNode } from 'react';
import type { Doors } from '../api/doors.ts';
import { CommandNote } from '../design/command-note.tsx';
import { useCommand } from '../design/use-command.ts';
import { texts } from '../texts.ts';
import { descriptionFrom } from './description.ts';

/** What a film is called and about. */
export function DescribeForm({
  doors,
  title,
  changed,
}: {
  doors: Pick<Doors, 'call'>;
  title: Title;
  changed: (title: Title | undefined) => void;
}): ReactNode {
  const { state, run } = useCommand();
  const words = texts.film;
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const description = descriptionFrom(new FormData(event.currentTarget), title);
    run(async () => {
      const answer = await doors.call(EditorialService.method.describeTitle, { titleId: title.id, ...description });
      changed(answer.title);
    });
  };
  return (
    <form className="form form-wide" onSubmit={submit}>
      <label>
        {words.name}
        <input name="name" defaultValue={title.name} required maxLength={200} />
      </label>
      <label>
        {words.synopsis}
        <textarea name="synopsis" defaultValue={title.synopsis} rows={4} maxLength={5000} />
      </label>
      <label>
        {words.synopsisShort}
        <textarea name="synopsisShort" defaultValue={title.synopsisShort} rows={2} maxLength={300} />
      </label>
      <div className="fields">
        <label>
          {words.year}
          <input name="year" type="number" inputMode="numeric" min={1870} max={2200} defaultValue={title.year === 0 ? '' : title.year} />
        </label>
        <label>
          {words.originalLanguage}
          <input name="originalLanguage" defaultValue={title.originalLanguage} maxLength={35} spellCheck={false} autoCapitalize="none" />
        </label>
        <label>
          {words.maturity}
          <select name="maturity" defaultValue={title.isRated ? String(title.maturity) : ''}>
            <option value="">{words.maturityNone}</option>
            {MATURITIES.map((age) => (
              <option key={age} value={age}>
                {words.maturityAge(age)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <fieldset>
        <legend>{words.genres}</legend>
        <div className="choices">
          {GENRES.map((genre) => (
            <label key={genre} className="choice">
              <input type="checkbox" name="genre" value={genre} defaultChecked={title.genres.includes(genre)} />
              {genre}
            </label>
          ))}
        </div>
      </fieldset>
      <div className="fields">
        <label>
          {words.credit}
          <input name="credit" defaultValue={title.credit} maxLength={500} />
        </label>
        <label>
          {words.licence}
          <input name="licence" defaultValue={title.licence} maxLength={500} />
        </label>
        <label>
          {words.sourceUrl}
          <input name="sourceUrl" type="url" defaultValue={title.sourceUrl} maxLength={2000} />
        </label>
      </div>
      <div className="actions">
        <button type="submit" className="button button-light" disabled={state.kind === 'running'}>
          {texts.save}
        </button>
        <CommandNote state={state} />
      </div>
    </form>
  );
}
