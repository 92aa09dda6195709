import { RpcError } from '@bioscope/rpc';
import type { MessageInitShape } from '@bufbuild/protobuf';

import type {
  AddSeasonRequest,
  AddSeasonResponseSchema,
  CreateSeriesRequest,
  CreateSeriesResponseSchema,
  PlaceEpisodeRequest,
  PlaceEpisodeResponseSchema,
} from '../../contract/index.ts';
import { decideCreate, decidePlace } from '../domain/decisions.ts';
import { readDescription } from '../domain/description.ts';
import { placeProblem } from '../domain/place.ts';
import type { CatalogParts } from './context.ts';
import { requireRoom } from './create-title.ts';
import { invalid, requireId } from './requests.ts';

export async function createSeries(
  parts: CatalogParts,
  request: CreateSeriesRequest,
): Promise<MessageInitShape<typeof CreateSeriesResponseSchema>> {
  const titleId = requireId('title_id', request.titleId);
  const verdict = readDescription(request);
  if (verdict.kind === 'refused') throw invalid(verdict.problems);
  requireRoom(parts, titleId);
  const place = { kind: 'series', parentId: '', number: 0 } as const;
  const record = await parts.titles.change({ id: titleId, commandId: 'create' }, (title) =>
    decideCreate(title, verdict.description, parts.nowMs(), place),
  );
  return { title: parts.show(record) };
}

export async function addSeason(parts: CatalogParts, request: AddSeasonRequest): Promise<MessageInitShape<typeof AddSeasonResponseSchema>> {
  const titleId = requireId('title_id', request.titleId);
  const place = { kind: 'season', parentId: requireId('series_id', request.seriesId), number: request.number } as const;
  const verdict = readDescription({ ...request, credit: '', licence: '', sourceUrl: '' }, { nameMayBeEmpty: true });
  if (verdict.kind === 'refused') throw invalid(verdict.problems);
  requireRoom(parts, titleId);
  requireFreePlace(parts, titleId, place);
  const record = await parts.titles.change({ id: titleId, commandId: 'create' }, (title) =>
    decideCreate(title, verdict.description, parts.nowMs(), place),
  );
  return { title: parts.show(record) };
}

export async function placeEpisode(
  parts: CatalogParts,
  request: PlaceEpisodeRequest,
): Promise<MessageInitShape<typeof PlaceEpisodeResponseSchema>> {
  const titleId = requireId('title_id', request.titleId);
  const at = request.seasonId === '' ? null : { seasonId: requireId('season_id', request.seasonId), number: request.number };
  if (at !== null) requireFreePlace(parts, titleId, { kind: 'episode', parentId: at.seasonId, number: at.number });
  const record = await parts.titles.change({ id: titleId, commandId: `place ${parts.newId()}` }, (title) => decidePlace(title, at));
  return { title: parts.show(record) };
}

/** Looked up in memory: two operators at once may still give two titles one number. Both are shown then, and either can be moved. */
function requireFreePlace(
  { titles, families }: CatalogParts,
  titleId: string,
  place: { readonly kind: 'season' | 'episode'; readonly parentId: string; readonly number: number },
): void {
  const parent = titles.shelf.get(place.parentId);
  const problem = placeProblem(place, { titleId, parent, siblings: parent === null ? [] : families().of(parent).children });
  if (problem !== null) throw new RpcError('failed_precondition', problem);
}
