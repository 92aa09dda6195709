import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { TitleKind, TitleSchema, TitleState, type Title } from '@bioscope/catalog/contract';

type Changes = MessageInitShape<typeof TitleSchema>;

/** A film for everybody, everywhere, that can be played. */
export function madeMovie(id: string, changes: Changes = {}): Title {
  return create(TitleSchema, {
    id,
    name: `Film ${id}`,
    kind: TitleKind.MOVIE,
    state: TitleState.PLAYABLE,
    editionId: `ed-${id}`,
    durationMs: 3_600_000,
    maturity: 0,
    isRated: true,
    windows: [{ country: '*' }],
    createdAtMs: 1,
    version: 1,
    ...changes,
  });
}

/** A series with one season of episodes that can be played: `<id>-1`, `<id>-1-1`, `<id>-1-2` … */
export function madeSeries(id: string, episodes: number, changes: Changes = {}): Title[] {
  const of = { seriesId: id, editionId: '', durationMs: 0 };
  const series = madeMovie(id, { kind: TitleKind.SERIES, ...of, seriesId: '', ...changes });
  const season = madeMovie(`${id}-1`, { ...changes, kind: TitleKind.SEASON, ...of, parentId: id, number: 1 });
  const all = Array.from({ length: episodes }, (_, index) =>
    madeMovie(`${id}-1-${index + 1}`, {
      ...changes,
      name: `Episode ${index + 1}`,
      kind: TitleKind.EPISODE,
      seriesId: id,
      parentId: season.id,
      seasonNumber: 1,
      number: index + 1,
    }),
  );
  return [series, season, ...all];
}
