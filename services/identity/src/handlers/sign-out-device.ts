import type { Passport } from '@bioscope/passport';

import type { SignOutDeviceRequest } from '../../contract/index.ts';
import type { Changed } from '../change-account.ts';
import { refusalToManage } from '../domain/profiles.ts';
import { refused, type Refusal } from '../domain/refusal.ts';
import type { IdentityParts } from '../parts.ts';
import { endSession, liveSessions } from '../running-sessions.ts';

/** Ends the device's sessions; one's own device needs no more than being signed in on it. */
export async function signOutDevice(parts: IdentityParts, request: SignOutDeviceRequest, asker: Passport): Promise<Changed | Refusal> {
  const account = await parts.accounts.read(asker.accountId);
  if (account === null) return refused('signed_out');
  const refusal = request.deviceId === asker.deviceId ? null : refusalToManage(account, asker);
  if (refusal !== null) return refusal;
  const sessions = (await liveSessions(parts, account)).filter(({ device }) => device.id === request.deviceId);
  if (sessions.length === 0) return refused('device_unknown', { field: 'device_id' });
  for (const { id } of sessions) await endSession(parts, id);
  return { kind: 'changed', account, isRepeated: false };
}
