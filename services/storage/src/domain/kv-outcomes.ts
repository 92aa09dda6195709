import type { MessageInitShape } from '@bufbuild/protobuf';
import type { Appended, Item, LeaseAcquired, RegisterCreated, RegisterSet } from '@bioscope/kv';
import type { KvOutcomeSchema } from '../../contract/index.ts';

export type OutcomeInit = NonNullable<MessageInitShape<typeof KvOutcomeSchema>['is']>;

export function itemOutcome({ items, cursor }: { items: readonly (Item & { record?: string })[]; cursor: string | null }): OutcomeInit {
  const written = items.map(({ key, value, token, expiresAtMs, record = '' }) => ({
    key,
    value,
    token,
    record,
    ...(expiresAtMs === null ? {} : { expiresAtMs }),
  }));
  return { case: 'page', value: { items: written, ...(cursor === null ? {} : { cursor }) } };
}

export function createdOutcome(created: RegisterCreated): OutcomeInit {
  return { case: 'changed', value: created.kind === 'created' ? { version: created.version } : { current: created.current } };
}

export function changedOutcome(set: RegisterSet): OutcomeInit {
  if (set.kind === 'set') return { case: 'changed', value: { version: set.version } };
  return { case: 'changed', value: set.current === null ? {} : { current: set.current } };
}

export function heldOutcome(acquired: LeaseAcquired): OutcomeInit {
  const { expiresAtMs } = acquired;
  if (acquired.kind === 'held') return { case: 'lease', value: { is: { case: 'held', value: { fence: acquired.fence, expiresAtMs } } } };
  return { case: 'lease', value: { is: { case: 'taken', value: { holder: acquired.holder, expiresAtMs } } } };
}

export function renewedOutcome(renewed: { kind: 'renewed'; expiresAtMs: number } | { kind: 'lost' }, fence: number): OutcomeInit {
  if (renewed.kind === 'lost') return { case: 'lease', value: { is: { case: 'lost', value: {} } } };
  return { case: 'lease', value: { is: { case: 'held', value: { fence, expiresAtMs: renewed.expiresAtMs } } } };
}

export function appendedOutcome(appended: Appended): OutcomeInit {
  const { version } = appended;
  return { case: 'appended', value: appended.kind === 'conflict' ? { conflict: true, version } : { version, repeated: appended.repeated } };
}
