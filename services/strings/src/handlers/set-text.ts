import type { MessageInitShape } from '@bufbuild/protobuf';
import type { Passport } from '@bioscope/passport';
import { RpcError } from '@bioscope/rpc';

import type { ListChangesRequest, ListChangesResponseSchema, SetTextRequest, SetTextResponseSchema } from '../../contract/index.ts';
import { problemsOfText } from '../domain/judge-text.ts';
import type { Library } from '../library.ts';
import type { TextsStore } from '../store.ts';
import { requireBundle } from './requests.ts';

/** Two operators at once make two conflicts; more than this is a fault. */
const ATTEMPTS_MAX = 5;

export type StringsParts = { readonly library: Library; readonly store: TextsStore; readonly newId: () => string };

/** Other words for one text, from now on. */
export async function setText(
  { library, store, newId }: StringsParts,
  request: SetTextRequest,
  asks: Pick<Passport, 'accountId'>,
): Promise<MessageInitShape<typeof SetTextResponseSchema>> {
  const bundle = requireBundle(request.bundle);
  const { language, key, text, why } = request;
  const problems = problemsOfText(request, library.english(bundle));
  if (problems.length > 0) throw new RpcError('invalid_argument', problems.join('; '));
  const change = { language, key, text, why: why.trim(), madeBy: asks.accountId };
  const commandId = request.commandId === '' ? newId() : request.commandId;
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const appended = await store.append({ bundle, expectedVersion: library.changes(bundle).length, change, commandId });
    await library.catchUp(bundle);
    if (appended === 'appended') return { version: library.find(bundle, [language]).version };
  }
  throw new RpcError('aborted', `the texts of ${bundle} were changed ${ATTEMPTS_MAX} times meanwhile; try again`);
}

export function listChanges(library: Library, request: ListChangesRequest): MessageInitShape<typeof ListChangesResponseSchema> {
  return { changes: library.changes(requireBundle(request.bundle)).map((change) => ({ ...change })) };
}
