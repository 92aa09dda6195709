import { createCall, type Call } from './call.ts';
import { hostsFrom, type ServiceHosts } from './hosts.ts';

/** The ways from this page to the services. Made once, when the app starts, and handed down. */
export type Doors = { readonly hosts: ServiceHosts; readonly call: Call };

export function openDoors(window: Window & typeof globalThis): Doors {
  const hosts = hostsFrom(window.location);
  const call = createCall({
    hosts,
    fetch: (url, init) => window.fetch(url, init),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    random: Math.random,
  });
  return { hosts, call };
}
