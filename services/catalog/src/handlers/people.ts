import { RpcError } from '@bioscope/rpc';
import type { MessageInitShape } from '@bufbuild/protobuf';

import type {
  GetPersonRequest,
  GetPersonResponseSchema,
  ListPeopleRequest,
  ListPeopleResponseSchema,
  PersonSchema,
  PutPersonRequest,
  PutPersonResponseSchema,
  RemovePersonRequest,
  RemovePersonResponseSchema,
} from '../../contract/index.ts';
import { pageOf } from '../domain/page.ts';
import { readNames } from '../domain/person-names.ts';
import { decidePutPerson, decideRemovePerson, type PersonRecord } from '../domain/person.ts';
import type { CatalogParts } from './context.ts';
import { invalid, pageSize, requireId } from './requests.ts';

/** All are kept in memory, some hundred bytes each. */
const PEOPLE_MAX = 50_000;
const PEOPLE_PER_PAGE = 500;
const PAGE_BYTES_MAX = 4 * 1024 * 1024;

export async function putPerson(parts: CatalogParts, request: PutPersonRequest): Promise<MessageInitShape<typeof PutPersonResponseSchema>> {
  const id = requireId('person_id', request.personId);
  const verdict = readNames(request);
  if (verdict.kind === 'refused') throw invalid(verdict.problems);
  const { shelf } = parts.people;
  if (shelf.find(id) === null && shelf.all().length >= PEOPLE_MAX)
    throw new RpcError('resource_exhausted', `the catalogue holds ${PEOPLE_MAX} people; remove one first`);
  const record = await parts.people.change({ id, commandId: `put ${parts.newId()}` }, (person) => decidePutPerson(person, verdict.names));
  return { person: personView(record) };
}

export async function removePerson(
  parts: CatalogParts,
  request: RemovePersonRequest,
): Promise<MessageInitShape<typeof RemovePersonResponseSchema>> {
  await parts.people.change({ id: requireId('person_id', request.personId), commandId: 'remove' }, decideRemovePerson);
  return {};
}

export async function getPerson(parts: CatalogParts, request: GetPersonRequest): Promise<MessageInitShape<typeof GetPersonResponseSchema>> {
  const id = requireId('person_id', request.personId);
  const record = await parts.people.find(id);
  if (record === null || record.removed) throw new RpcError('not_found', `there is no person ${id}`);
  return { person: personView(record) };
}

export function listPeople(parts: CatalogParts, request: ListPeopleRequest): MessageInitShape<typeof ListPeopleResponseSchema> {
  const found = pageOf(parts.people.shelf.all(), {
    keyOf: (person) => [0, person.id],
    weightOf: (person) => 100 + 3 * [person.name, ...person.otherNames].join('').length,
    weightMax: PAGE_BYTES_MAX,
    size: pageSize(request.pageSize, PEOPLE_PER_PAGE),
    cursor: request.cursor,
  });
  if (found === null) throw invalid(['cursor is not one of this listing; begin without one']);
  return { people: found.page.map(personView), nextCursor: found.nextCursor };
}

function personView({ id, name, otherNames, version }: PersonRecord): MessageInitShape<typeof PersonSchema> {
  return { id, name, otherNames: [...otherNames], version };
}
