import type { Passport } from '@bioscope/passport';
import { RpcError, type RequestContext } from '@bioscope/rpc';
import type { MessageInitShape } from '@bufbuild/protobuf';

import { RowKind, type GetHomeRequest, type GetHomeResponseSchema, type RowSchema } from '../../contract/index.ts';
import { composeHome, TITLES_PER_ROW_MAX, type HomeInputs } from '../domain/compose-home.ts';
import { nameIn } from '../domain/library.ts';
import type { Row } from '../domain/rows.ts';
import { viewing, type Viewing } from '../viewing.ts';
import { cardView } from './card-view.ts';
import type { HomeParts } from './context.ts';

/** Two screens of a row on a television. */
const TITLES_PER_ROW = 20;

export async function getHome(
  parts: HomeParts,
  request: GetHomeRequest,
  passport: Passport,
  within: RequestContext,
): Promise<MessageInitShape<typeof GetHomeResponseSchema>> {
  if (request.titlesPerRow > TITLES_PER_ROW_MAX)
    throw new RpcError('invalid_argument', `titles_per_row is ${request.titlesPerRow}; at most ${TITLES_PER_ROW_MAX} are told`);
  const [view] = await Promise.all([viewing(parts, passport, within), parts.popularity.refresh()]);
  const inputs = homeInputs(view, parts);
  const page = composeHome(inputs);
  const size = request.titlesPerRow === 0 ? TITLES_PER_ROW : request.titlesPerRow;
  const rows = page.rows.map((row) => rowView({ ...row, titleIds: row.titleIds.slice(0, size) }, view));
  const byId = new Map(inputs.visible.map((show) => [show.id, show]));
  const shown = new Set([...(page.billboard === null ? [] : [page.billboard]), ...rows.flatMap((row) => row.titleIds)]);
  const shows = [...shown].map((id) => byId.get(id)).filter((show) => show !== undefined);
  return { billboardTitleId: page.billboard ?? '', rows, cards: shows.map((show) => cardView(view.card(show))) };
}

/** The seam at which pages can be made ahead: inputs are loaded here, the page is made of them without asking anybody. */
function homeInputs(view: Viewing, { popularity, nowMs }: Pick<HomeParts, 'popularity' | 'nowMs'>): HomeInputs {
  const { viewer, known, kept, history, list } = view;
  const atMs = nowMs();
  const visible = view.visible();
  const scores = new Map(visible.map((show) => [show.id, show.plays.reduce((sum, play) => sum + popularity.scoreOf(play.id, atMs), 0)]));
  return {
    profileId: viewer.profileId,
    nowMs: atMs,
    visible,
    history,
    list,
    thumbs: kept.thumbs,
    popularityOf: (showId) => scores.get(showId) ?? 0,
    flavours: known.flavours,
  };
}

const KINDS: Record<Row['kind'], RowKind> = {
  continue: RowKind.CONTINUE,
  list: RowKind.LIST,
  new: RowKind.NEW,
  popular: RowKind.POPULAR,
  because: RowKind.BECAUSE,
  genre: RowKind.GENRE,
};

function rowView({ id, kind, aboutTitleId, genre, titleIds }: Row, { known, viewer }: Viewing) {
  const about = known.library.showOf.get(aboutTitleId);
  const aboutName = about === undefined ? '' : nameIn(about.title, viewer.language);
  return { id, kind: KINDS[kind], aboutTitleId, aboutName, genre, titleIds: [...titleIds] } satisfies MessageInitShape<typeof RowSchema>;
}
