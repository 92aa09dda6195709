import { candidatesOf } from './candidates.ts';
import type { Candidate } from './candidates.ts';
import type { CountryTable } from './country-table.ts';
import type { NearList } from './near-list.ts';
import { networkText } from './network.ts';
import { hashNetwork, hashText, TOGETHER_BITS, unitOf } from './network-hash.ts';
import { namedFirst, nearestTo } from './order-regions.ts';
import type { ClientNetwork, SteeredAnswer, Steering } from './port.ts';
import { depthOf, valueOf } from './prefix-table.ts';
import { regionAnswers } from './region-answers.ts';
import type { SteeringPicture } from './steering-picture.ts';

/** What is known of client networks, in the order in which it is believed. */
export type ClientMaps = {
  readonly operator: NearList;
  readonly latencies: NearList;
  /** Null: none. */
  readonly countries: CountryTable | null;
};

/** Says a step in words; only for people. While queries are answered it is absent, and no words are made. */
type Say = ((words: () => string) => void) | undefined;

/**
 * Steering by one picture. The work of a query is three look-ups and, where shares are broken, one hash: the same network gets the same answer from every server that
 * has the same picture. One code decides and explains.
 */
export function compileSteering(picture: SteeringPicture, maps: ClientMaps): Steering {
  const { regions, ttlSeconds } = picture;
  const candidates = candidatesOf(picture);
  const { list } = candidates;
  const answers = list.map(({ gateways }) => regionAnswers(gateways, ttlSeconds));
  const salts = regions.map(({ name }) => hashText(name));
  const shares = sharesOf(list);
  const operatorOrders = maps.operator.entries.map((near) => namedFirst(near.regions, regions));
  const latencyOrders = maps.latencies.entries.map((near) => namedFirst(near.regions, regions));
  /** By the table's values; filled as countries are met. */
  const countryOrders: (readonly number[] | null | undefined)[] = [];
  const first = list.reduce((best, { weight }, index) => (weight > (list[best]?.weight ?? 0) ? index : best), 0);
  const nothing: SteeredAnswer = { key: `${ttlSeconds} nothing`, records: [], ttlSeconds, scopePrefix: 0 };

  // The decision under way. Fields instead of an object for each query; nothing here waits, so no two decisions meet.
  let scope = 0;
  let chosen = -1;

  function decide(client: ClientNetwork, say: Say): SteeredAnswer {
    scope = 0;
    chosen = -1;
    if (list.length === 0) return nothing;
    if (candidates.text !== '') say?.(() => candidates.text);
    if (client.sourcePrefix === 0) {
      chosen = first;
      say?.(() => 'The resolver does not say where the client is, nor wants it known: the same for everybody.');
      return answers[chosen]?.answer(0, 0) ?? nothing;
    }
    const order = orderFor(client, say);
    chosen = order === undefined ? byShare(client, say) : alongOrder(order, client, say);
    const own = answers[chosen];
    if (own === undefined) return nothing;
    if (own.rotations === 1) return own.answer(0, scope);
    together(client);
    return own.answer(hashNetwork(client) % own.rotations, scope);
  }

  /** From here on the answer depends on the whole network that is moved together. */
  function together(client: ClientNetwork): void {
    scope = Math.max(scope, TOGETHER_BITS[client.family]);
  }

  function orderFor(client: ClientNetwork, say: Say): readonly number[] | undefined {
    const byOperator = maps.operator.find(client);
    scope = Math.max(scope, depthOf(byOperator));
    const said = valueOf(byOperator);
    if (said >= 0) {
      say?.(() => maps.operator.entries[said]?.text ?? '');
      return operatorOrders[said];
    }
    const byLatency = maps.latencies.find(client);
    scope = Math.max(scope, depthOf(byLatency));
    const measured = valueOf(byLatency);
    if (measured >= 0) {
      say?.(() => maps.latencies.entries[measured]?.text ?? '');
      return latencyOrders[measured];
    }
    say?.(() => "No prefix of the operator's covers the network, and nobody measured it.");
    return byCountry(client, say);
  }

  function byCountry(client: ClientNetwork, say: Say): readonly number[] | undefined {
    const table = maps.countries;
    if (table === null) return undefined;
    const finding = table.find(client);
    scope = Math.max(scope, depthOf(finding));
    const value = valueOf(finding);
    if (value < 0) {
      say?.(() => 'The table of countries does not know the network.');
      return undefined;
    }
    countryOrders[value] ??= nearestTo(table.codeOf(value), regions) ?? null;
    const order = countryOrders[value] ?? undefined;
    say?.(() =>
      order === undefined
        ? `The network is in ${table.codeOf(value)}; where the regions are from there is not known.`
        : `The network is in ${table.codeOf(value)}; nearest first: ${order.map((index) => placed(index)).join(', ')}.`,
    );
    return order;
  }

  function placed(index: number): string {
    const region = regions[index];
    return region === undefined ? '' : `${region.name}${region.country === '' ? '' : ` (${region.country})`}`;
  }

  /** The first that may be answered; of a broken weight, the networks above it go on to the next, and always the same ones. */
  function alongOrder(order: readonly number[], client: ClientNetwork, say: Say): number {
    let otherwise = -1;
    for (const index of order) {
      const weight = list[index]?.weight ?? 0;
      if (weight === 0) {
        say?.(() => `Not ${list[index]?.text}.`);
        continue;
      }
      if (otherwise < 0) otherwise = index;
      if (weight >= 1) {
        say?.(() => `${list[index]?.text}: chosen.`);
        return index;
      }
      together(client);
      if (unitOf(hashNetwork(client), salts[index] ?? 0) < weight) {
        say?.(() => `${list[index]?.text}; the network is among the ${shown(weight)} that stay: chosen.`);
        return index;
      }
      say?.(() => `${list[index]?.text}; the network is among the ${shown(1 - weight)} that go on to the next region.`);
    }
    say?.(() => `Nobody is left to go on to: ${list[otherwise]?.text}: chosen.`);
    return otherwise;
  }

  /** Weighted rendezvous hashing (Schindelhauer and Schomaker 2005): when one share changes, no network moves between the others. */
  function byShare(client: ClientNetwork, say: Say): number {
    together(client);
    const hash = hashNetwork(client);
    let best = -1;
    let bestScore = Number.POSITIVE_INFINITY;
    for (let index = 0; index < shares.length; index += 1) {
      const share = shares[index] ?? 0;
      if (share === 0) continue;
      const score = -Math.log(unitOf(hash, salts[index] ?? 0)) / share;
      if (score < bestScore || best < 0) {
        best = index;
        bestScore = score;
      }
    }
    say?.(() => `Nobody knows where the network is: it falls to ${list[best]?.region.name} by the regions' shares (${describeShares()}).`);
    return best;
  }

  function describeShares(): string {
    const total = shares.reduce((sum, share) => sum + share, 0);
    return list.map(({ region }, index) => `${region.name} ${shown((shares[index] ?? 0) / total)}`).join(', ');
  }

  return {
    answer: (_, client) => decide(client, undefined),
    explain(name, client) {
      const because = [
        `${networkText({ address: client.address, prefix: client.sourcePrefix })} (${client.from === 'ecs' ? 'as the resolver says' : "the resolver's own address"}) asks for ${name}.`,
      ];
      const answer = decide(client, (words) => because.push(words()));
      const zones = list[chosen]?.gateways.map(({ text, zone }) => `${text} (zone ${zone})`) ?? [];
      because.push(list.length === 0 ? candidates.text : `Healthy gateways there: ${zones.join(', ')}.`);
      return { answer, region: regions[chosen]?.name ?? '', because };
    },
  };
}

/** Of networks that nobody knows: weights, times capacities where all are known. */
function sharesOf(list: readonly Candidate[]): readonly number[] {
  const used = list.filter(({ weight }) => weight > 0);
  const known = used.every(({ region }) => region.capacityPerSecond > 0);
  return list.map(({ weight, region }) => weight * (known ? region.capacityPerSecond : 1));
}

function shown(share: number): string {
  return `${Math.round(share * 1_000) / 10} %`;
}
