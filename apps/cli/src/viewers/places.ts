import { CLOCK, dnsResolver, LOOPBACK, type DnsServer, type Place } from '@bioscope/viewer';
import { Complaint } from '../command.ts';

const DNS_PORT = 53;

/**
 * Where viewers sit: in each of the networks (`127.101.0.0/16,127.102.0.0/16`), and how they find the doors: through DNS servers
 * (`127.1.0.53:5353`), else at 127.0.0.1. Every network asks the server in its own place of the list first, then the others.
 */
export function placesFrom({
  networks,
  dns,
}: {
  readonly networks: string | undefined;
  readonly dns: string | undefined;
}): readonly Place[] {
  const servers = dns === undefined ? [] : dns.split(',').map(serverFrom);
  const resolve = (index: number): Place['resolve'] => {
    if (servers.length === 0) return LOOPBACK;
    const first = index % servers.length;
    return dnsResolver({ servers: [...servers.slice(first), ...servers.slice(0, first)], clock: CLOCK });
  };
  if (networks === undefined) return [{ name: 'this machine', resolve: resolve(0) }];
  return networks.split(',').map((network, index) => ({ name: network, network, resolve: resolve(index) }));
}

function serverFrom(text: string): DnsServer {
  const [, address = '', port = String(DNS_PORT)] = /^(\d{1,3}(?:\.\d{1,3}){3})(?::(\d{1,5}))?$/.exec(text) ?? [];
  if (address === '') throw new Complaint(`--dns names "${text}"; addresses such as 127.1.0.53:5353 are wanted, with commas between`);
  return { address, port: Number(port) };
}
