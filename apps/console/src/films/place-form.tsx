import { CatalogService, EditorialService, TitleKind, type Title } from '@bioscope/catalog/contract';
import { useMemo, type FormEvent, type ReactNode } from 'react';
import type { Doors } from '../api/doors.ts';
import { useRemote } from '../api/use-remote.ts';
import { CommandNote } from '../design/command-note.tsx';
import { Known } from '../design/trouble.tsx';
import { typedText } from '../design/typed-text.ts';
import { useCommand } from '../design/use-command.ts';
import { texts } from '../texts.ts';
import { seasonsOf, type SeasonChoice } from './seasons.ts';

type PlaceProps = { doors: Pick<Doors, 'call'>; title: Title; changed: (title: Title | undefined) => void };

/** Makes a film an episode of a season, moves it, or makes it a film of its own again. */
export function PlaceForm(props: PlaceProps): ReactNode {
  const { call } = props.doors;
  const { remote, refresh } = useRemote<readonly SeasonChoice[]>(
    useMemo(
      () => ({
        ask: async (signal) => {
          const kinds = [TitleKind.SERIES, TitleKind.SEASON];
          return seasonsOf((await call(CatalogService.method.listTitles, { kinds, pageSize: 1000 }, { signal })).titles);
        },
      }),
      [call],
    ),
  );
  return (
    <Known remote={remote} retry={refresh}>
      {(seasons) => (seasons.length === 0 ? <p className="quiet">{texts.series.noSeasons}</p> : <Fields {...props} seasons={seasons} />)}
    </Known>
  );
}

function Fields({ doors, title, changed, seasons }: PlaceProps & { seasons: readonly SeasonChoice[] }): ReactNode {
  const { state, run } = useCommand();
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const seasonId = typedText(fields, 'season');
    const number = seasonId === '' ? 0 : Number(typedText(fields, 'number'));
    run(async () => {
      const answer = await doors.call(EditorialService.method.placeEpisode, { titleId: title.id, seasonId, number });
      changed(answer.title);
    });
  };
  return (
    <form className="form form-wide" onSubmit={submit}>
      <div className="fields">
        <label>
          {texts.series.season}
          <select name="season" defaultValue={title.parentId}>
            <option value="">{texts.series.ofNone}</option>
            {seasons.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label>
          {texts.series.episodeNumber}
          <input
            name="number"
            type="number"
            inputMode="numeric"
            min={1}
            max={10_000}
            defaultValue={title.number === 0 ? 1 : title.number}
          />
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
