import type { Passport } from '@bioscope/passport';
import { RpcError, type RequestContext } from '@bioscope/rpc';
import type { MessageInitShape } from '@bufbuild/protobuf';

import {
  Thumb,
  type GetCardsRequest,
  type GetCardsResponseSchema,
  type SetThumbRequest,
  type SetThumbResponseSchema,
} from '../../contract/index.ts';
import { viewing } from '../viewing.ts';
import { cardView } from './card-view.ts';
import type { HomeParts } from './context.ts';
import { requireId } from './requests.ts';

/** A page's worth. */
const IDS_MAX = 200;

export async function getCards(
  parts: HomeParts,
  request: GetCardsRequest,
  passport: Passport,
  within: RequestContext,
): Promise<MessageInitShape<typeof GetCardsResponseSchema>> {
  if (request.titleIds.length > IDS_MAX)
    throw new RpcError('invalid_argument', `title_ids are ${request.titleIds.length}; at most ${IDS_MAX} are taken`);
  const ids = request.titleIds.map((id) => requireId('title_ids', id));
  const view = await viewing(parts, passport, within);
  const shows = ids.map((id) => view.showOf(id)).filter((show) => show !== null);
  return { cards: shows.map((show) => cardView(view.card(show))) };
}

export async function setThumb(
  parts: HomeParts,
  request: SetThumbRequest,
  passport: Passport,
  within: RequestContext,
): Promise<MessageInitShape<typeof SetThumbResponseSchema>> {
  const titleId = requireId('title_id', request.titleId);
  const thumb = THUMBS.get(request.thumb);
  if (thumb === undefined) throw new RpcError('invalid_argument', `thumb is ${request.thumb}; none, up or down is wanted`);
  const show = (await viewing(parts, passport, within)).showOf(titleId);
  if (show === null) throw new RpcError('not_found', `there is no title ${titleId} for this profile`);
  await parts.store.putThumb(passport.profileId, show.id, thumb);
  return {};
}

const THUMBS = new Map<Thumb, 'up' | 'down' | null>([
  [Thumb.NONE, null],
  [Thumb.UP, 'up'],
  [Thumb.DOWN, 'down'],
]);
