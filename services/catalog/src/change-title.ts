import { RpcError } from '@bioscope/rpc';

import type { Decision } from './domain/decisions.ts';
import { foldTitle, type TitleRecord } from './domain/title.ts';
import type { Shelf } from './shelf.ts';
import type { CatalogStore } from './store.ts';

/** Two operators and the studio at once make two conflicts; more than this is a fault. */
const ATTEMPTS_MAX = 5;

export type ChangeTitle = (
  change: { readonly titleId: string; readonly commandId: string },
  decide: (record: TitleRecord | null) => Decision,
) => Promise<TitleRecord>;

/**
 * Load, decide, append under the version decided on; once more when somebody else was faster. Durable, and to be seen by the next read of this
 * instance, when it resolves. Rejects with `not_found` or `failed_precondition` when the decision refuses, with `aborted` after too many conflicts.
 */
export function changeTitle(parts: { readonly store: CatalogStore; readonly shelf: Shelf }): ChangeTitle {
  const { store, shelf } = parts;
  return async ({ titleId, commandId }, decide) => {
    let record = shelf.find(titleId) ?? (await store.readTitle(titleId));
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
      const decision = decide(record);
      if (decision.kind === 'refused') throw refusal(titleId, decision.because);
      if (decision.events.length === 0 && record !== null) return record;
      const appended = await store.append({ titleId, expectedVersion: record?.version ?? 0, events: decision.events, commandId });
      if (appended.kind === 'appended') {
        let next = record;
        for (const event of decision.events) next = foldTitle(titleId, next, event);
        record = next;
      } else {
        record = await store.readTitle(titleId);
      }
      if (appended.kind === 'conflict' || record === null) continue;
      await shelf.adopt(record);
      return record;
    }
    throw new RpcError('aborted', `title ${titleId} was changed ${ATTEMPTS_MAX} times meanwhile; try again`);
  };
}

function refusal(titleId: string, because: 'unknown_title' | 'removed_title'): RpcError {
  switch (because) {
    case 'unknown_title':
      return new RpcError('not_found', `there is no title ${titleId}`);
    case 'removed_title':
      return new RpcError('failed_precondition', `title ${titleId} was removed`);
    default:
      return because satisfies never;
  }
}
