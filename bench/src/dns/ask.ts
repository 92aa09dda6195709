import { createSocket } from 'node:dgram';
import type { ClientNetwork } from './ground.ts';
import { HOST } from './ground.ts';

const TIMEOUT_MS = 1_000;
const ECS_OPTION = 8;
const TYPE_A = 1;

/** The data of an ECS option (RFC 7871 6) for a client's /24. */
export function ecsData({ bytes }: ClientNetwork): number[] {
  return [0, 1, 24, 0, ...bytes];
}

/** IPv4 addresses that a server answers to a client's network, sorted. Rejects when it does not answer with NOERROR. */
export async function askAddresses(port: number, name: string, client: ClientNetwork): Promise<string[]> {
  const socket = createSocket('udp4');
  try {
    const answer = new Promise<Buffer>((resolve, reject) => {
      socket.once('message', resolve);
      socket.once('error', reject);
      setTimeout(() => reject(new Error(`no answer for ${name}`)), TIMEOUT_MS).unref();
    });
    socket.connect(port, HOST, () => socket.send(query(name, ecsData(client))));
    return addressesIn(await answer);
  } finally {
    socket.close();
  }
}

function query(name: string, ecs: readonly number[]): Uint8Array {
  const labels = name.split('.').flatMap((label) => [label.length, ...Buffer.from(label)]);
  const options = [0, ECS_OPTION, 0, ecs.length, ...ecs];
  const header = [0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1];
  return Uint8Array.from([...header, ...labels, 0, 0, TYPE_A, 0, 1, 0, 0, 41, 4, 208, 0, 0, 0, 0, 0, options.length, ...options]);
}

function addressesIn(packet: Buffer): string[] {
  if ((packet.readUInt16BE(2) & 15) !== 0) throw new Error(`RCODE ${packet.readUInt16BE(2) & 15}`);
  const skipName = (from: number): number => {
    let at = from;
    while ((packet[at] ?? 0) !== 0 && (packet[at] ?? 0) < 0xc0) at += 1 + (packet[at] ?? 0);
    return at + ((packet[at] ?? 0) >= 0xc0 ? 2 : 1);
  };
  let at = skipName(12) + 4;
  const addresses: string[] = [];
  for (let i = 0; i < packet.readUInt16BE(6); i += 1) {
    at = skipName(at);
    const length = packet.readUInt16BE(at + 8);
    if (packet.readUInt16BE(at) === TYPE_A) addresses.push(packet.subarray(at + 10, at + 10 + length).join('.'));
    at += 10 + length;
  }
  return addresses.sort();
}
