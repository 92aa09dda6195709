import { RpcError } from '@bioscope/rpc';
import type { HoldEditionRequest } from '../../contract/index.ts';
import { isSameEdition, problemWithEdition } from '../domain/edition.ts';
import type { Holdings } from '../holdings.ts';

/** Every appliance gets the whole list: beyond this the plan outgrows a message, and placement by popularity is due. */
export const EDITIONS_MAX = 2_000;

export async function holdEdition(holdings: Holdings, request: HoldEditionRequest): Promise<Record<string, never>> {
  const problem = problemWithEdition(request.edition);
  const edition = request.edition;
  if (problem !== null || edition === undefined) throw new RpcError('invalid_argument', problem ?? 'edition: missing');
  if (await holdings.isTitleRemoved(edition.titleId)) {
    throw new RpcError('failed_precondition', `title ${edition.titleId} was removed; nothing of it is held any more`);
  }
  const existing = holdings.get(edition.editionId);
  if (existing !== undefined) {
    if (isSameEdition(existing, edition)) return {};
    throw new RpcError('already_exists', `edition ${edition.editionId} is held with other files; give changed files a new edition id`);
  }
  if (holdings.size() >= EDITIONS_MAX) {
    throw new RpcError('resource_exhausted', `${EDITIONS_MAX} editions are held; release some before holding more`);
  }
  await holdings.hold(edition);
  return {};
}
