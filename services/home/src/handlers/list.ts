import type { Passport } from '@bioscope/passport';
import { RpcError, type RequestContext } from '@bioscope/rpc';
import type { MessageInitShape } from '@bufbuild/protobuf';

import type {
  AddToListRequest,
  GetListResponseSchema,
  ListChangeResponseSchema,
  MoveInListRequest,
  RemoveFromListRequest,
} from '../../contract/index.ts';
import { decideAdd, decideMove, decideRemove, LIST_MAX, type ListDecision } from '../domain/my-list.ts';
import { viewing } from '../viewing.ts';
import { cardView } from './card-view.ts';
import type { HomeParts } from './context.ts';
import { requireId } from './requests.ts';

type Answer = MessageInitShape<typeof ListChangeResponseSchema>;

export async function getList(
  parts: HomeParts,
  passport: Passport,
  within: RequestContext,
): Promise<MessageInitShape<typeof GetListResponseSchema>> {
  const view = await viewing(parts, passport, within);
  const shows = view.list.map((id) => view.showOf(id)).filter((show) => show !== null);
  return { cards: shows.map((show) => cardView(view.card(show))) };
}

export async function addToList(parts: HomeParts, request: AddToListRequest, passport: Passport, within: RequestContext): Promise<Answer> {
  const titleId = requireId('title_id', request.titleId);
  const show = (await viewing(parts, passport, within)).showOf(titleId);
  if (show === null) throw new RpcError('not_found', `there is no title ${titleId} for this profile`);
  return changed(await parts.lists.change(passport.profileId, (list) => decideAdd(list, show.id)));
}

/** Also what the profile may not see any more. */
export async function removeFromList(
  parts: HomeParts,
  request: RemoveFromListRequest,
  passport: Passport,
  within: RequestContext,
): Promise<Answer> {
  const titleId = showId(parts, requireId('title_id', request.titleId));
  await parts.profiles(passport, within);
  return changed(await parts.lists.change(passport.profileId, (list) => decideRemove(list, titleId)));
}

export async function moveInList(
  parts: HomeParts,
  request: MoveInListRequest,
  passport: Passport,
  within: RequestContext,
): Promise<Answer> {
  const titleId = showId(parts, requireId('title_id', request.titleId));
  const beforeId = request.beforeTitleId === '' ? '' : showId(parts, requireId('before_title_id', request.beforeTitleId));
  await parts.profiles(passport, within);
  return changed(await parts.lists.change(passport.profileId, (list) => decideMove(list, titleId, beforeId)));
}

function showId({ catalogue }: HomeParts, titleId: string): string {
  return catalogue.known().library.showOf.get(titleId)?.id ?? titleId;
}

function changed(decision: ListDecision): Answer {
  if (decision.kind === 'list') return { titleIds: [...decision.list] };
  switch (decision.because) {
    case 'full':
      throw new RpcError('resource_exhausted', `the list holds ${LIST_MAX} titles; remove one first`);
    case 'not_in_list':
      throw new RpcError('failed_precondition', 'the title, or the one before which it should stand, is not in the list');
    default:
      return decision.because satisfies never;
  }
}
