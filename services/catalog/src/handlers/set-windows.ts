import type { MessageInitShape } from '@bufbuild/protobuf';

import {
  EVERYWHERE,
  type OfferedWindow,
  type SetAvailabilityRequest,
  type SetAvailabilityResponseSchema,
  type SetWindowsRequest,
  type SetWindowsResponseSchema,
} from '../../contract/index.ts';
import { decideWindows } from '../domain/decisions.ts';
import { readWindows } from '../domain/windows.ts';
import type { CatalogParts } from './context.ts';
import { invalid, requireId } from './requests.ts';

export async function setWindows(
  parts: CatalogParts,
  request: SetWindowsRequest,
): Promise<MessageInitShape<typeof SetWindowsResponseSchema>> {
  const titleId = requireId('title_id', request.titleId);
  if (request.inherit && request.windows.length > 0) throw invalid(['inherit is set and there are windows; only one of them is taken']);
  return keepWindows(parts, titleId, request.inherit ? null : request.windows);
}

export async function setAvailability(
  parts: CatalogParts,
  request: SetAvailabilityRequest,
): Promise<MessageInitShape<typeof SetAvailabilityResponseSchema>> {
  const titleId = requireId('title_id', request.titleId);
  const { availableFromMs: fromMs, availableUntilMs: untilMs } = request;
  return keepWindows(parts, titleId, [{ country: EVERYWHERE, fromMs, untilMs }]);
}

async function keepWindows(parts: CatalogParts, titleId: string, given: readonly OfferedWindow[] | null) {
  const verdict = given === null ? { kind: 'windows' as const, windows: null } : readWindows(given);
  if (verdict.kind === 'refused') throw invalid(verdict.problems);
  const record = await parts.titles.change({ id: titleId, commandId: `windows ${parts.newId()}` }, (title) =>
    decideWindows(title, verdict.windows),
  );
  return { title: parts.show(record) };
}
