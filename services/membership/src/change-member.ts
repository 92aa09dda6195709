import { RpcError } from '@bioscope/rpc';

import { decide, type Command } from './domain/decide.ts';
import { memberAt, passingTime } from './domain/passing-time.ts';
import type { Member } from './domain/member.ts';
import { foldMember } from './domain/member.ts';
import type { Refusal } from './domain/table.ts';
import type { MembersStore } from './store.ts';

/** Billing and a member at once make two conflicts; more than this is a fault. */
const ATTEMPTS_MAX = 8;

/** The member as they are now, and what stood against the command. */
export type Changed = { readonly refused: Refusal | null; readonly now: MemberNow };
/** A member at the account's own time. */
export type MemberNow = { readonly accountId: string; readonly member: Member; readonly version: number; readonly nowMs: number };

export type ChangeMember = (change: { readonly accountId: string; readonly commandId: string }, command: Command) => Promise<Changed>;

/**
 * Load, decide, append under the version decided on; once more when somebody else was faster. What time has brought about is written down with it.
 * A command whose id wrote events before changes nothing more and is not refused; other kinds of command may have the same id. Rejects with `aborted` after too many conflicts.
 */
export function changeMember({ store, nowMs }: { readonly store: MembersStore; readonly nowMs: () => number }): ChangeMember {
  return async ({ accountId, commandId: givenId }, command) => {
    const commandId = `${command.type}:${givenId}`;
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
      const { member, version, commandIds } = await store.read(accountId);
      const timeMs = nowMs() + member.aheadMs;
      const now: MemberNow = { accountId, member: memberAt(member, timeMs), version, nowMs: timeMs };
      if (commandIds.has(commandId)) return { refused: null, now };
      const decision = decide(member, command, timeMs);
      if (decision.kind === 'refused') return { refused: decision.because, now };
      const events = [...passingTime(member, timeMs), ...decision.events];
      if (events.length === 0) return { refused: null, now };
      if ((await store.append({ accountId, expectedVersion: version, events, commandId })) === 'conflict') continue;
      const after = events.reduce(foldMember, member);
      const afterMs = nowMs() + after.aheadMs;
      return { refused: null, now: { accountId, member: memberAt(after, afterMs), version: version + events.length, nowMs: afterMs } };
    }
    throw new RpcError('aborted', `member ${accountId} was changed ${ATTEMPTS_MAX} times meanwhile; try again`);
  };
}

/** A member as they are now, without changing anything. */
export async function memberNow(
  { store, nowMs }: { readonly store: MembersStore; readonly nowMs: () => number },
  accountId: string,
): Promise<MemberNow> {
  const { member, version } = await store.read(accountId);
  const timeMs = nowMs() + member.aheadMs;
  return { accountId, member: memberAt(member, timeMs), version, nowMs: timeMs };
}
