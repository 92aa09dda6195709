import { createAsk, type Ask } from '../graph/ask.ts';
import type { Bearer } from './bearer.ts';
import { createCall, type Call } from './call.ts';
import { hostsFrom, type ServiceHosts } from './hosts.ts';

/** The ways from this page to the services. Made once, when the app starts, and handed down. */
export type Doors = { readonly hosts: ServiceHosts; readonly call: Call; readonly ask: Ask };

export function openDoors(window: Window & typeof globalThis, bearer: Bearer, language: () => string): Doors {
  const hosts = hostsFrom(window.location);
  const needs = {
    fetch: (url: string, init: RequestInit) => window.fetch(url, init),
    sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
    random: Math.random,
    bearer,
  };
  return { hosts, call: createCall({ ...needs, hosts }), ask: createAsk({ ...needs, url: `${hosts.api}/graphql`, language }) };
}
