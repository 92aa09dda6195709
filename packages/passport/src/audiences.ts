/** Units that share their passport keys, as they share a process group: one that was broken into can make up passports for its own group only. */
export const AUDIENCES = ['play', 'browse', 'offline'] as const;
export type Audience = (typeof AUDIENCES)[number];

const PLAY = new Set(['playback', 'access', 'steering']);
const BROWSE = new Set(['graph', 'catalog', 'home', 'strings', 'identity', 'plans', 'membership']);

/** Those not named are in the offline group. */
export function audienceOf(unit: string): Audience {
  if (PLAY.has(unit)) return 'play';
  return BROWSE.has(unit) ? 'browse' : 'offline';
}
