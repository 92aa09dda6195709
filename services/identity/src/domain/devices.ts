import { DEVICE_KINDS, type DeviceKind } from '../../contract/index.ts';
import { refused, type Refusal } from './refusal.ts';
import type { Session } from './session.ts';

/** A device, as its live sessions add up. */
export type Device = {
  readonly id: string;
  readonly name: string;
  readonly kind: DeviceKind;
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
  readonly sessions: number;
  /** 1: signed in first, of those that are signed in. */
  readonly rank: number;
};

const NAME_CHARACTERS_MAX = 60;

/**
 * The last seen first. The newest session says what the device is called, the oldest when it signed in: one that signed out and comes back is the last again.
 * Ranks are 1 to the number of devices, each once; a device that stays signed in only ever moves forward, for whoever comes later comes behind it.
 */
export function devicesOf(live: readonly Session[]): readonly Device[] {
  const devices = new Map<string, Omit<Device, 'rank'>>();
  for (const { device, createdAtMs, rotatedAtMs } of live.toSorted((a, b) => a.createdAtMs - b.createdAtMs)) {
    const known = devices.get(device.id);
    devices.set(device.id, {
      ...device,
      firstSeenMs: known?.firstSeenMs ?? createdAtMs,
      lastSeenMs: Math.max(known?.lastSeenMs ?? 0, rotatedAtMs),
      sessions: (known?.sessions ?? 0) + 1,
    });
  }
  return [...devices.values()]
    .toSorted((a, b) => a.firstSeenMs - b.firstSeenMs || byId(a, b))
    .map((device, place) => ({ ...device, rank: place + 1 }))
    .toSorted((a, b) => b.lastSeenMs - a.lastSeenMs || byId(a, b));
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : 1;
}

export function readDevice(given: unknown): { readonly kind: 'device'; readonly device: Session['device'] } | Refusal {
  const { id, name, kind } = typeof given === 'object' && given !== null ? (given as Record<string, unknown>) : {};
  if (typeof id !== 'string' || !/^[A-Za-z0-9_-]{8,64}$/.test(id))
    return refused('malformed', { field: 'device', message: 'device.id wants 8 to 64 of A-Z a-z 0-9 _ -' });
  const knownKind = DEVICE_KINDS.find((each) => each === kind) ?? 'other';
  const cleanName = typeof name === 'string' ? name.replaceAll(/\p{C}/gu, ' ').trim().slice(0, NAME_CHARACTERS_MAX) : '';
  return { kind: 'device', device: { id, name: cleanName, kind: knownKind } };
}
