import type { SteeredAnswer } from './port.ts';
import type { SteeredGateway } from './steering-picture.ts';

/** The answers of one region, made once and handed out again and again. */
export type RegionAnswers = {
  /** In how many orders the addresses may come. */
  readonly rotations: number;
  answer(rotation: number, scopePrefix: number): SteeredAnswer;
};

/** With two zones and both families; fits 512 bytes beside everything else, for resolvers without EDNS. */
const ADDRESSES_MAX = 8;
const PREFIX_MAX = 128;

/** Each rotation begins with another gateway, so that those who take the first address spread over the zones. */
export function regionAnswers(gateways: readonly SteeredGateway[], ttlSeconds: number): RegionAnswers {
  const rotations = Math.max(1, gateways.length);
  const made = Array.from({ length: rotations }, (_, rotation) => {
    const records = [...gateways.slice(rotation), ...gateways.slice(0, rotation)].slice(0, ADDRESSES_MAX);
    // Made of all that the answer says: equal keys promise equal records, also across pictures.
    return { key: `${ttlSeconds} ${records.map(({ text }) => text).join(' ')}`, records };
  });
  const answers: (SteeredAnswer | undefined)[] = Array.from({ length: rotations * (PREFIX_MAX + 1) });
  return {
    rotations,
    answer(rotation, scopePrefix) {
      const at = rotation * (PREFIX_MAX + 1) + scopePrefix;
      const held = answers[at];
      if (held !== undefined) return held;
      const { key, records } = made[rotation] ?? { key: `${ttlSeconds}`, records: [] };
      const answer = { key, records, ttlSeconds, scopePrefix };
      answers[at] = answer;
      return answer;
    },
  };
}
