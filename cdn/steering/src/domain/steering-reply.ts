import type { Ranked } from './rank.ts';

/**
 * The steering manifest of HLS (draft-pantos-hls-rfc8216bis, 7.2) and DASH (ETSI TS 103 998); the two formats share it.
 */
export type SteeringReply = {
  readonly VERSION: 1;
  /** Seconds. */
  readonly TTL: number;
  readonly 'RELOAD-URI': string;
  readonly 'PATHWAY-PRIORITY': readonly string[];
};

const TTL_SECONDS = 10;
/** While something is wrong somewhere, the picture changes quickly. */
const TTL_SECONDS_IN_TROUBLE = 5;

export function ttlSecondsFor(ranked: readonly Ranked[]): number {
  const isAnyIll = ranked.some(({ appliance }) => !appliance.healthy || appliance.troubles.length > 0);
  return isAnyIll ? TTL_SECONDS_IN_TROUBLE : TTL_SECONDS;
}

/** All pathways, the unusable ones last: when the good ones fail too, trying costs a player less than giving up. */
export function steeringReply(ranked: readonly Ranked[], reloadUri: string): SteeringReply {
  return {
    VERSION: 1,
    TTL: ttlSecondsFor(ranked),
    'RELOAD-URI': reloadUri,
    'PATHWAY-PRIORITY': ranked.map(({ appliance }) => appliance.id),
  };
}
