import type { EventData, KvStore, StreamEvent } from '@bioscope/kv';

import { MEMBER_EVENT_TYPES, type MemberEvent } from '../contract/index.ts';
import { foldMember, NOBODY, type Member } from './domain/member.ts';

/** One stream per account. Also what the relay publishes from. */
export const MEMBERS_NAMESPACE = 'membership_members';

/** Twenty years of monthly renewals with a change each are below a thousand; a stream beyond this is a loop somewhere. */
const EVENTS_PER_MEMBER_MAX = 10_000;

/** A member with what an append has to know. */
export type WrittenMember = {
  readonly member: Member;
  /** Events so far. */
  readonly version: number;
  /** Of every command that wrote events. */
  readonly commandIds: ReadonlySet<string>;
};

/** How members lie in the key-value store. */
export type MembersStore = {
  /** `NOBODY` at version 0 for an account without events. */
  read(accountId: string): Promise<WrittenMember>;
  events(accountId: string): Promise<readonly StreamEvent[]>;
  append(request: {
    accountId: string;
    expectedVersion: number;
    events: readonly MemberEvent[];
    commandId: string;
  }): Promise<'appended' | 'conflict'>;
};

export function membersStore({ streams }: Pick<KvStore, 'streams'>): MembersStore {
  async function events(accountId: string): Promise<readonly StreamEvent[]> {
    const all: StreamEvent[] = [];
    for (let version = 1; all.length < version;) {
      const page = await streams.read({ namespace: MEMBERS_NAMESPACE, stream: accountId, after: all.length });
      if (page.version > EVENTS_PER_MEMBER_MAX)
        throw new RangeError(`member ${accountId} has ${page.version} events; at most ${EVENTS_PER_MEMBER_MAX} are read`);
      all.push(...page.events);
      ({ version } = page);
    }
    return all;
  }

  return {
    events,
    async read(accountId) {
      const all = await events(accountId);
      const member = all.map(decodeMemberEvent).reduce(foldMember, NOBODY);
      return { member, version: all.length, commandIds: new Set(all.map(({ commandId }) => commandId)) };
    },
    async append({ accountId, expectedVersion, events, commandId }) {
      const encoded = events.map(encodeMemberEvent);
      const request = { namespace: MEMBERS_NAMESPACE, stream: accountId, expectedVersion, events: encoded, commandId };
      return (await streams.append(request)).kind;
    },
  };
}

/** The data of an event is JSON without its type, and the very value of the record on the log. */
function encodeMemberEvent({ type, ...data }: MemberEvent): EventData {
  return { type, data: Buffer.from(JSON.stringify(data)) };
}

/** Throws when the type is not known: a newer program wrote it, and guessing would show a wrong member. */
function decodeMemberEvent({ stream, sequence, type, data }: StreamEvent): MemberEvent {
  if (!MEMBER_EVENT_TYPES.some((known) => known === type))
    throw new TypeError(`event ${sequence} of member ${stream} has the unknown type ${type}`);
  // What lies in the store was encoded by the function above.
  return { type, ...(JSON.parse(Buffer.from(data).toString()) as object) } as MemberEvent;
}
