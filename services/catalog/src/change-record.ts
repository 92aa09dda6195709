import { RpcError } from '@bioscope/rpc';

import type { Aggregate, Kept } from './aggregate.ts';
import type { RecordStore } from './record-store.ts';
import type { Shelf } from './shelf.ts';

/** Two operators and the studio at once make two conflicts; more than this is a fault. */
const ATTEMPTS_MAX = 5;

/** What a command comes to: events to append (none: it is already so), or the reason why not. */
export type Change<E> =
  | { readonly kind: 'events'; readonly events: readonly E[] }
  | { readonly kind: 'refused'; readonly because: Refusal };
type Refusal = 'unknown' | 'removed' | 'wrong_kind';

export type ChangeRecord<R extends Kept, E> = (
  change: { readonly id: string; readonly commandId: string },
  decide: (record: R | null) => Change<E>,
) => Promise<R>;

/**
 * Load, decide, append under the version decided on; once more when somebody else was faster. Durable, and to be seen by the next read of this
 * instance, when it resolves. Rejects with `not_found` or `failed_precondition` when the decision refuses, with `aborted` after too many conflicts.
 */
export function changeRecord<R extends Kept, E extends { readonly type: string }>(parts: {
  readonly aggregate: Aggregate<R, E>;
  readonly store: RecordStore<R, E>;
  readonly shelf: Shelf<R>;
}): ChangeRecord<R, E> {
  const { aggregate, store, shelf } = parts;
  return async ({ id, commandId }, decide) => {
    let record = shelf.find(id) ?? (await store.read(id));
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
      const decision = decide(record);
      if (decision.kind === 'refused') throw refusal(`${aggregate.what} ${id}`, decision.because);
      if (decision.events.length === 0 && record !== null) return record;
      const appended = await store.append({ id, expectedVersion: record?.version ?? 0, events: decision.events, commandId });
      if (appended.kind === 'appended') for (const event of decision.events) record = aggregate.fold(id, record, event);
      else record = await store.read(id);
      if (appended.kind === 'conflict' || record === null) continue;
      await shelf.adopt(record);
      return record;
    }
    throw new RpcError('aborted', `${aggregate.what} ${id} was changed ${ATTEMPTS_MAX} times meanwhile; try again`);
  };
}

function refusal(which: string, because: Refusal): RpcError {
  switch (because) {
    case 'unknown':
      return new RpcError('not_found', `there is no ${which}`);
    case 'removed':
      return new RpcError('failed_precondition', `${which} was removed`);
    case 'wrong_kind':
      return new RpcError('failed_precondition', `${which} is a series or season; only movies and episodes can be watched`);
    default:
      return because satisfies never;
  }
}
