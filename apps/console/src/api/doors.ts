import { createCall, type Call } from './call.ts';
import { deviceOf } from './device.ts';
import { hostsFrom, type ServiceHosts } from './hosts.ts';
import { newId } from './new-id.ts';
import { createSessionDoor, type SessionDoor } from './session-door.ts';
import { createSession, type Session } from './session.ts';

/** The ways from this page to the services. Made once, when the app starts, and handed down. */
export type Doors = {
  readonly hosts: ServiceHosts;
  readonly session: Session;
  readonly door: SessionDoor;
  readonly call: Call;
};

export function openDoors(window: Window & typeof globalThis): Doors {
  const hosts = hostsFrom(window.location);
  const fetch = (url: string, init: RequestInit): Promise<Response> => window.fetch(url, init);
  const door = createSessionDoor({ origin: hosts.console, fetch, device: deviceOf(window.localStorage, newId) });
  const session = createSession({ door, nowMs: Date.now, alone: aloneAmongTabs(window) });
  const call = createCall({ api: hosts.api, session, fetch, sleep });
  return { hosts, session, door, call };
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Web locks exist in secure contexts only; without them the door forgives that two tabs come with the same token within seconds. */
function aloneAmongTabs(window: Window): <T>(work: () => Promise<T>) => Promise<T> {
  const locks: LockManager | undefined = window.navigator.locks;
  return async (work) => (locks === undefined ? work() : locks.request('bioscope-session', work));
}
