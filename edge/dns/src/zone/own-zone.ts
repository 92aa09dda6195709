import { parseAddress } from '../wire/address.ts';

/** What is needed to be a zone: who serves it, and what goes with the steered names. */
export type OwnZone = {
  readonly zone: string;
  readonly steeredNames: readonly string[];
  readonly nameservers: readonly { readonly name: string; readonly address: string }[];
  readonly alpn: string;
  readonly caa: string;
};

/** "No such name" is kept as long as an address: what is added is seen as soon as what is moved. */
const NEGATIVE_TTL_SECONDS = 30;

/** The master file of a zone of our own, for whoever writes none. Its serial never changes: nobody transfers it. */
export function ownZoneFile({ zone, steeredNames, nameservers, alpn, caa }: OwnZone): string {
  const names = [...new Set(nameservers.map((server) => server.name))];
  return [
    `$ORIGIN ${zone}.`,
    '$TTL 3600',
    `@ SOA ${names[0] ?? ''} hostmaster 1 7200 900 1209600 ${NEGATIVE_TTL_SECONDS}`,
    ...names.map((name) => `@ NS ${name}`),
    ...nameservers.map(({ name, address }) => `${name} ${parseAddress(address)?.family === 2 ? 'AAAA' : 'A'} ${address}`),
    ...(caa === '' ? [] : [`@ CAA 0 issue "${caa}"`]),
    ...(alpn === '' ? [] : steeredNames.map((name) => `${name} 300 HTTPS 1 . alpn=${alpn}`)),
    '',
  ].join('\n');
}
