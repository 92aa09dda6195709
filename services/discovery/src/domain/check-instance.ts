import type { Instance } from '@bioscope/rpc';
import type { Instance as InstanceMessage } from '../../contract/index.ts';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const ADDRESS = /^(?:\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9.-]{1,253}):(\d{1,5})$/;

/** The instance as it may be registered, or what is wrong with it. A unit registers only itself. */
export function checkInstance(given: InstanceMessage, caller: string): { readonly instance: Instance } | { readonly wrong: string } {
  if (given.service !== caller) return { wrong: `service: "${caller}" cannot register "${given.service}"` };
  if (!NAME.test(given.instanceId)) return { wrong: 'instance_id: 1 to 64 letters, digits, ".", "_" or "-"' };
  const port = Number(ADDRESS.exec(given.address)?.[1]);
  if (!(port > 0 && port < 65_536)) return { wrong: `address: "${given.address}" is not host:port` };
  if (!NAME.test(given.zone) || !NAME.test(given.region)) return { wrong: 'zone, region: 1 to 64 letters, digits, ".", "_" or "-"' };
  const { service, instanceId, address, zone, region } = given;
  // NaN counts as saturated: who cannot say how it is gets less, not more.
  const load = given.load >= 0 ? Math.min(given.load, 1) : 1;
  const upMs = given.upMs >= 0 && Number.isFinite(given.upMs) ? given.upMs : 0;
  return { instance: { service, instanceId, address, zone, region, load, upMs } };
}

/** Instances number their statements from the time at which they began (milliseconds of the wall clock), so this is far away and still exact. */
export function isSequence(sequence: number): boolean {
  return Number.isSafeInteger(sequence) && sequence > 0;
}
