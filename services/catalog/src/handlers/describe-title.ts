import { RpcError } from '@bioscope/rpc';
import type { MessageInitShape } from '@bufbuild/protobuf';

import type { DescribeTitleRequest, DescribeTitleResponseSchema, SetPeopleRequest, SetPeopleResponseSchema } from '../../contract/index.ts';
import { readCredits } from '../domain/credits.ts';
import { decideDescribe, decidePeople } from '../domain/decisions.ts';
import { readFacts } from '../domain/facts.ts';
import type { CatalogParts } from './context.ts';
import { invalid, requireId } from './requests.ts';

export async function describeTitle(
  parts: CatalogParts,
  request: DescribeTitleRequest,
): Promise<MessageInitShape<typeof DescribeTitleResponseSchema>> {
  const titleId = requireId('title_id', request.titleId);
  const known = await parts.titles.find(titleId);
  if (known === null) throw new RpcError('not_found', `there is no title ${titleId}`);
  const verdict = readFacts(request, known);
  if (verdict.kind === 'refused') throw invalid(verdict.problems);
  const record = await parts.titles.change({ id: titleId, commandId: `describe ${parts.newId()}` }, (title) =>
    decideDescribe(title, verdict.facts),
  );
  return { title: parts.show(record) };
}

export async function setPeople(parts: CatalogParts, request: SetPeopleRequest): Promise<MessageInitShape<typeof SetPeopleResponseSchema>> {
  const titleId = requireId('title_id', request.titleId);
  const verdict = readCredits(request.people, (personId) => parts.people.shelf.get(personId) !== null);
  if (verdict.kind === 'refused') throw invalid(verdict.problems);
  const record = await parts.titles.change({ id: titleId, commandId: `people ${parts.newId()}` }, (title) =>
    decidePeople(title, verdict.people),
  );
  return { title: parts.show(record) };
}
