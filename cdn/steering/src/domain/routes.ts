import { BlockList, isIP } from 'node:net';
import type { Appliance } from '@bioscope/control/contract';

/** "Clients with addresses in `prefix` are near the appliances of `site`", as an operator or a routing daemon says it. */
export type Route = { readonly address: string; readonly bits: number; readonly site: string };

/** A full table of the internet has a million prefixes; this list is looked through one by one and meant for the operator's own networks. */
export const ROUTES_MAX = 1_000;

/** How near each site is to the client: the length of the longest prefix that covers it, 0 without any. */
export function nearnessFor(routes: readonly Route[], clientAddress: string): (appliance: Pick<Appliance, 'site'>) => number {
  const client = withoutMapping(clientAddress);
  const family = isIP(client);
  const nearest = new Map<string, number>();
  for (const route of routes) {
    if (family === 0 || isIP(route.address) !== family || !covers(route, client)) continue;
    nearest.set(route.site, Math.max(route.bits, nearest.get(route.site) ?? 0));
  }
  return ({ site }) => nearest.get(site) ?? 0;
}

/** Reads `10.0.0.0/8=site-a,2001:db8::/32=site-b`. Throws one error that names every problem. */
export function parseRoutes(text: string): Route[] {
  const problems: string[] = [];
  const routes: Route[] = [];
  const parts = text.split(',').map((part) => part.trim());
  for (const part of parts.filter((part) => part !== '')) {
    const match = /^([0-9a-fA-F.:]+)\/(\d{1,3})=(\S+)$/.exec(part);
    const [, address = '', bitsText = '', site = ''] = match ?? [];
    const bits = Number(bitsText);
    const family = isIP(address);
    if (family === 0 || !(bits <= (family === 4 ? 32 : 128))) problems.push(`${JSON.stringify(part)} must look like 10.0.0.0/8=site`);
    else routes.push({ address, bits, site });
  }
  if (routes.length > ROUTES_MAX) problems.push(`${routes.length} routes; at most ${ROUTES_MAX}`);
  if (problems.length > 0) throw new Error(problems.join('; '));
  return routes;
}

function covers(route: Route, client: string): boolean {
  const family = isIP(client) === 4 ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  list.addSubnet(route.address, route.bits, family);
  return list.check(client, family);
}

/** IPv4 clients of a listener for both families appear as `::ffff:192.0.2.1`. */
function withoutMapping(address: string): string {
  return address.toLowerCase().startsWith('::ffff:') && isIP(address.slice(7)) === 4 ? address.slice(7) : address;
}
