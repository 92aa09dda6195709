import { join } from 'node:path';
import type { Deployment, Place } from '@bioscope/topology';

/** What the units of a place must know of the deployment around them, as they read it. */
export function placeEnvironment({
  folder,
  deployment,
  place,
  host,
}: {
  readonly folder: string;
  readonly deployment: Deployment;
  readonly place: Place;
  readonly host: string;
}): Readonly<Record<string, string>> {
  const { regions, ports } = deployment;
  return {
    BIOSCOPE_GATEWAY_ADDRESS: place.address,
    // While one takes over from the other, both listen.
    BIOSCOPE_GATEWAY_SHARES_PORT: '1',
    BIOSCOPE_CDN_ORIGINS: cdnOrigins(deployment),
    BIOSCOPE_STEERING_ROUTES: steeringRoutes(deployment),
    BIOSCOPE_STEERING_PARTNERS: partnerSites(deployment),
    BIOSCOPE_REGIONS: regions.map(({ name }) => name).join(','),
    BIOSCOPE_DNS_ADDRESSES: place.address,
    BIOSCOPE_DNS_PORT: String(ports.dns),
    BIOSCOPE_DNS_ZONE: host,
    BIOSCOPE_DNS_NAMESERVERS: regions.map(({ dns }, index) => `ns${index + 1}=${dns.address}`).join(','),
    BIOSCOPE_DNS_PREFIXES: prefixesFile(folder),
    BIOSCOPE_DNS_STATE: join(folder, 'dns', `${place.name}.json`),
  };
}

/** Which clients are near which region, for the name servers: written once by whoever starts the deployment. */
export function prefixesFile(folder: string): string {
  return join(folder, 'dns', 'prefixes.txt');
}

export function clientPrefixes({ regions }: Deployment): string {
  const lines = regions.flatMap(({ name, clients }) => clients.map((network) => `${network} ${name}`));
  return `# Client networks and the region near to them.\n${lines.join('\n')}\n`;
}

function cdnOrigins({ regions, ports }: Deployment): string {
  const appliances = regions.flatMap(({ zones }) => zones.flatMap((zone) => zone.appliances));
  return appliances.map(({ address }) => `http://${address}:${ports.cdn}`).join(' ');
}

function steeringRoutes({ regions }: Deployment): string {
  return regions.flatMap(({ sites }) => sites.flatMap(({ name, clients }) => clients.map((network) => `${network}=${name}`))).join(',');
}

function partnerSites({ regions }: Deployment): string {
  return regions.flatMap(({ sites }) => sites.filter(({ isPartner }) => isPartner).map(({ name }) => name)).join(',');
}
