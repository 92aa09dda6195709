import { RpcError } from '@bioscope/rpc';
import type { Handlers } from '@bioscope/rpc';
import type { ExplainService } from '../../contract/index.ts';
import type { ClientNetwork, Steering } from '../steer/port.ts';
import { addressText, parseAddress } from '../wire/address.ts';
import { nameToText, nameToWire } from '../wire/name.ts';
import { TYPE } from '../wire/numbers.ts';
import { RECORD_KINDS } from '../zone/record-data.ts';
import type { Zone } from '../zone/zone.ts';
import { whereIs } from '../zone/where-is.ts';

const CNAME_HOPS_MAX = 8;
const NAME_CHARACTERS_MAX = 1_024;

export function explain({ zone, steering }: { zone: Zone; steering: Steering }): Handlers<typeof ExplainService>['explain'] {
  return (request) => {
    const client = readClient(request.client);
    const because: string[] = [];
    let name = readName(request.name, zone);
    const answer = {
      name: nameToText(name),
      client: request.client,
      steered: false,
      region: '',
      addresses: [] as string[],
      ttlSeconds: 0,
      scopePrefix: 0,
      because,
    };
    for (let hop = 0; hop <= CNAME_HOPS_MAX; hop += 1) {
      const { via, node } = whereIs(zone, name);
      const text = nameToText(name);
      if (via === 'outside')
        because.push(`${text} is outside of ${nameToText(zone.origin)}: ${hop === 0 ? 'refused' : 'the asker goes on elsewhere'}.`);
      if (via === 'nothing') because.push(`${text} does not exist, and no wildcard covers it.`);
      if (via === 'cut' && node !== undefined) because.push(`${nameToText(node.name)} is another server's: the asker is sent there.`);
      if (node === undefined || via === 'cut') return answer;
      if (via === 'wildcard') because.push(`${text} is covered by ${nameToText(node.name)}.`);
      const alias = node.sets.get(TYPE.CNAME)?.data[0]?.target;
      if (alias !== undefined) {
        because.push(`${text} is another name for ${nameToText(alias)}.`);
        name = alias;
        continue;
      }
      if (node.steered === undefined) return fromZone(answer, node.sets);
      const { answer: steered, region, because: steps } = steering.explain(node.steered, client);
      because.push(...steps);
      return {
        ...answer,
        steered: true,
        region,
        addresses: steered.records.map((record) => addressText(record.address)),
        ttlSeconds: steered.ttlSeconds,
        scopePrefix: steered.scopePrefix,
      };
    }
    because.push(`More than ${CNAME_HOPS_MAX} names stand for each other: the answer ends there.`);
    return answer;
  };
}

function fromZone<T extends { because: string[] }>(answer: T, sets: Zone['apex']['sets']): T & { addresses: string[]; ttlSeconds: number } {
  const known = [...sets.keys()].map((type) => Object.entries(RECORD_KINDS).find(([, kind]) => kind.type === type)?.[0] ?? `TYPE${type}`);
  answer.because.push(
    known.length === 0 ? 'It has no records: only names below it have.' : `The zone says so itself: it has ${known.join(', ')}.`,
  );
  const addresses = [TYPE.A, TYPE.AAAA].flatMap((type) => sets.get(type) ?? []);
  return {
    ...answer,
    addresses: addresses.flatMap((set) => set.data.map((data) => addressText(data.before))),
    ttlSeconds: addresses[0]?.ttlSeconds ?? 0,
  };
}

function readName(text: string, zone: Zone): Uint8Array {
  if (text === '' || text.length > NAME_CHARACTERS_MAX) throw new RpcError('invalid_argument', 'name: a name such as app.example.org');
  try {
    const absolute = nameToWire(text);
    // A single label is meant below the zone; nobody asks for a top-level domain here.
    return text.replace(/\.$/, '').includes('.') || text.endsWith('.') ? absolute : nameToWire(text, zone.origin);
  } catch (error) {
    throw new RpcError('invalid_argument', `name: ${(error as Error).message}`);
  }
}

function readClient(text: string): ClientNetwork {
  const [address = '', prefix] = text.split('/', 2);
  const parsed = parseAddress(address);
  const bits = (parsed?.bytes.length ?? 0) * 8;
  if (parsed === undefined || (prefix !== undefined && (!/^\d{1,3}$/.test(prefix) || Number(prefix) > bits)))
    throw new RpcError('invalid_argument', 'client: an address such as 192.0.2.1, or a network such as 192.0.2.0/24');
  const sourcePrefix = prefix === undefined ? bits : Number(prefix);
  const masked = parsed.bytes.map((byte, i) => byte & (0xff00 >> Math.min(8, Math.max(0, sourcePrefix - i * 8))));
  return { family: parsed.family, address: masked, sourcePrefix, from: prefix === undefined ? 'resolver' : 'ecs' };
}
