import type { AddressRecord, SteeredAnswer, Steering } from './steer/port.ts';
import { parseAddress } from './wire/address.ts';

/** RFC 2181 leaves it to us; the same as with regions, so that moving by hand is as quick. */
const TTL_SECONDS = 30;
const ADDRESSES_MAX = 64;

/**
 * The same addresses for everybody, from `{"app": ["192.0.2.1", "2001:db8::1"], "*": […]}`; `*` is for names that are not there. For whoever has one
 * place only, or tries the server alone. Throws one error that names everything that is wrong.
 */
export function staticSteering(json: string, steeredNames: readonly string[]): Steering {
  const problems: string[] = [];
  const given = readAddresses(json);
  const answers = new Map<string, SteeredAnswer>();
  for (const name of steeredNames) {
    const records = (given[name] ?? given['*'] ?? []).flatMap((text) => recordOf(text, name, problems));
    if (records.length === 0 || records.length > ADDRESSES_MAX) problems.push(`${name}: 1 to ${ADDRESSES_MAX} addresses are needed`);
    answers.set(name, { key: 'static', records, ttlSeconds: TTL_SECONDS, scopePrefix: 0 });
  }
  if (problems.length > 0) throw new Error(`the static steering is wrong: ${problems.join('; ')}`);
  const nothing: SteeredAnswer = { key: 'nothing', records: [], ttlSeconds: TTL_SECONDS, scopePrefix: 0 };
  const answer: Steering['answer'] = (name) => answers.get(name) ?? nothing;
  return {
    answer,
    explain: (name, client) => ({
      answer: answer(name, client),
      region: '',
      because: [`${name} has the same addresses for everybody: steering is static.`],
    }),
  };
}

function readAddresses(json: string): Readonly<Record<string, readonly string[]>> {
  const given: unknown = JSON.parse(json);
  const isRight =
    typeof given === 'object' &&
    given !== null &&
    Object.values(given).every((list) => Array.isArray(list) && list.every((text) => typeof text === 'string'));
  if (!isRight) throw new Error('the static steering is an object of lists of addresses: {"app": ["192.0.2.1"]}');
  return given as Record<string, string[]>;
}

function recordOf(text: string, name: string, problems: string[]): AddressRecord[] {
  const address = parseAddress(text);
  if (address === undefined) problems.push(`${name}: "${text}" is no address`);
  return address === undefined ? [] : [{ family: address.family, address: address.bytes }];
}
