import type { MessageInitShape } from '@bufbuild/protobuf';

import type { SetAvailabilityRequest, SetAvailabilityResponseSchema } from '../../contract/index.ts';
import { decideAvailability } from '../domain/decisions.ts';
import { titleView } from '../domain/title-view.ts';
import type { CatalogParts } from './context.ts';
import { invalid, requireId } from './requests.ts';

export async function setAvailability(
  parts: CatalogParts,
  request: SetAvailabilityRequest,
): Promise<MessageInitShape<typeof SetAvailabilityResponseSchema>> {
  const titleId = requireId('title_id', request.titleId);
  const window = { fromMs: request.availableFromMs, untilMs: request.availableUntilMs };
  const problems = Object.entries(window).flatMap(([field, atMs]) =>
    Number.isSafeInteger(atMs) && atMs >= 0 ? [] : [`${field} is ${atMs}; milliseconds since 1970, or 0 for no bound, are wanted`],
  );
  if (window.untilMs !== 0 && window.untilMs <= window.fromMs) problems.push('available_until_ms does not lie after available_from_ms');
  if (problems.length > 0) throw invalid(problems);
  const record = await parts.change({ titleId, commandId: `availability ${parts.newId()}` }, (title) => decideAvailability(title, window));
  return { title: titleView(record, parts.preparations.share(titleId)) };
}
