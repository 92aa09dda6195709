import type { MessageInitShape } from '@bufbuild/protobuf';

import type { ReportPreparationRequest, ReportPreparationResponseSchema } from '../../contract/index.ts';
import { decidePreparation } from '../domain/decisions.ts';
import { playedEdition } from '../domain/title.ts';
import type { CatalogParts } from './context.ts';
import { invalid, requireId } from './requests.ts';

/** A sentence or two for people; a program's whole output is not that. */
const FAILURE_CHARACTERS_MAX = 2000;

export async function reportPreparation(
  parts: CatalogParts,
  request: ReportPreparationRequest,
): Promise<MessageInitShape<typeof ReportPreparationResponseSchema>> {
  const titleId = requireId('title_id', request.titleId);
  const { prepared } = request;
  if (!(prepared >= 0 && prepared <= 1)) throw invalid([`prepared is ${prepared}; 0 to 1 is wanted`]);
  const failure = request.failure.trim().slice(0, FAILURE_CHARACTERS_MAX);
  const record = await parts.titles.change({ id: titleId, commandId: `preparation ${parts.newId()}` }, (title) =>
    decidePreparation(title, failure),
  );
  if (playedEdition(record)?.complete === true) await parts.preparations.forget(titleId);
  else await parts.preparations.report(titleId, prepared);
  return {};
}
