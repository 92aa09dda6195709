import { CatalogService, EditorialService, TitleKind, type Title } from '@bioscope/catalog/contract';
import { useMemo, useState, type FormEvent, type ReactNode } from 'react';
import type { Doors } from '../api/doors.ts';
import { newId } from '../api/new-id.ts';
import { useRemote } from '../api/use-remote.ts';
import { CommandNote } from '../design/command-note.tsx';
import { Link } from '../design/link.tsx';
import { Known } from '../design/trouble.tsx';
import { typedText } from '../design/typed-text.ts';
import { useCommand } from '../design/use-command.ts';
import { pathOf } from '../router.ts';
import { texts } from '../texts.ts';
import { nameOf, nextNumber } from './seasons.ts';

/** The seasons of a series, and a way to add one; or the episodes of a season. */
export function PartsList({ doors, title }: { doors: Pick<Doors, 'call'>; title: Title }): ReactNode {
  const { call } = doors;
  const isSeries = title.kind === TitleKind.SERIES;
  const { remote, refresh } = useRemote<readonly Title[]>(
    useMemo(
      () => ({
        ask: async (signal) => {
          const kinds = [isSeries ? TitleKind.SEASON : TitleKind.EPISODE];
          return (await call(CatalogService.method.listTitles, { belowId: title.id, kinds, pageSize: 1000 }, { signal })).titles;
        },
      }),
      [call, title.id, isSeries],
    ),
  );
  return (
    <Known remote={remote} retry={refresh}>
      {(parts) => (
        <>
          {parts.length === 0 ? <p className="quiet">{isSeries ? texts.series.noSeasonsYet : texts.series.noEpisodesYet}</p> : null}
          <ol className="lines">
            {parts.map((part) => (
              <li key={part.id}>
                {part.number}. <Link to={pathOf.film(part.id)}>{nameOf(part)}</Link>
              </li>
            ))}
          </ol>
          {isSeries ? <AddSeason key={parts.length} doors={doors} seriesId={title.id} number={nextNumber(parts)} added={refresh} /> : null}
        </>
      )}
    </Known>
  );
}

type AddSeasonProps = { doors: Pick<Doors, 'call'>; seriesId: string; number: number; added: () => void };

function AddSeason({ doors, seriesId, number, added }: AddSeasonProps): ReactNode {
  const { state, run } = useCommand();
  // One id for one season, also when it is sent again.
  const [titleId] = useState(newId);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    run(async () => {
      const season = { titleId, seriesId, number: Number(typedText(fields, 'number')), name: typedText(fields, 'name').trim() };
      await doors.call(EditorialService.method.addSeason, season);
      added();
    });
  };
  return (
    <form className="form form-wide" onSubmit={submit}>
      <div className="fields">
        <label>
          {texts.series.seasonNumber}
          <input name="number" type="number" inputMode="numeric" required min={1} max={10_000} defaultValue={number} />
        </label>
        <label>
          {texts.series.seasonNameField}
          <input name="name" maxLength={200} />
        </label>
        <button type="submit" className="button" disabled={state.kind === 'running'}>
          {texts.series.addSeason}
        </button>
      </div>
      <CommandNote state={state} />
    </form>
  );
}
