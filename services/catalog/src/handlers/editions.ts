import { RpcError } from '@bioscope/rpc';
import type { MessageInitShape } from '@bufbuild/protobuf';

import type {
  Edition,
  GetEditionRequest,
  GetEditionResponseSchema,
  PublishEditionRequest,
  PublishEditionResponseSchema,
} from '../../contract/index.ts';
import { decidePublish } from '../domain/decisions.ts';
import { editionProblems } from '../domain/edition-check.ts';
import type { EditionSummary } from '../domain/title.ts';
import type { CatalogParts } from './context.ts';
import { invalid, requireId } from './requests.ts';

export async function getEdition(
  { store }: Pick<CatalogParts, 'store'>,
  request: GetEditionRequest,
): Promise<MessageInitShape<typeof GetEditionResponseSchema>> {
  const editionId = requireId('edition_id', request.editionId);
  const edition = await store.readEdition(editionId);
  if (edition === null) throw new RpcError('not_found', `there is no edition ${editionId}`);
  return { edition };
}

/** The edition is stored before the title names it: who reads of an edition finds it. */
export async function publishEdition(
  parts: CatalogParts,
  request: PublishEditionRequest,
): Promise<MessageInitShape<typeof PublishEditionResponseSchema>> {
  const { edition } = request;
  if (edition === undefined) throw invalid(['edition is missing']);
  const editionId = requireId('edition.id', edition.id);
  const titleId = requireId('edition.title_id', edition.titleId);
  const problems = editionProblems(edition);
  if (problems.length > 0) throw invalid(problems);
  await storeEdition(parts, edition);
  const record = await parts.titles.change({ id: titleId, commandId: `publish ${editionId}` }, (title) =>
    decidePublish(title, summaryOf(edition)),
  );
  if (edition.complete) await parts.preparations.forget(titleId);
  return { title: parts.show(record) };
}

/** Writes it unless it is already published: what players read of an edition never changes. */
async function storeEdition({ titles, store }: CatalogParts, edition: Edition): Promise<void> {
  const decision = decidePublish(await titles.find(edition.titleId), summaryOf(edition));
  if (decision.kind === 'refused' || decision.events.length === 0) return;
  const other = await store.readEdition(edition.id);
  if (other !== null && other.titleId !== edition.titleId)
    throw new RpcError('failed_precondition', `edition ${edition.id} belongs to title ${other.titleId}`);
  await store.putEdition(edition);
}

function summaryOf(edition: Edition): EditionSummary {
  return {
    editionId: edition.id,
    complete: edition.complete,
    durationMs: edition.durationMs,
    rungHeights: [...new Set(edition.video.map((track) => track.height))].sort((low, high) => low - high),
    audioLanguages: languagesOf(edition.audio),
    textLanguages: languagesOf(edition.text),
  };
}

/** Each once, in the order of the tracks; "und" is no language. */
function languagesOf(tracks: readonly { readonly language: string }[]): string[] {
  return [...new Set(tracks.map(({ language }) => language))].filter((language) => language !== '' && language !== 'und');
}
