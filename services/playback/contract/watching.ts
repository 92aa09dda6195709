/** The log topic of how far profiles are in titles: keyed by profile, in order per profile, at least once. Not every report arrives: the next one says more. */
export const WATCHING_TOPIC = 'playback.watching';
export const WATCHING_EVENT_TYPE = 'watching.reported';

/** `opened`: hardly anything was seen. `finished`: to the end, or to the credits. */
export const WATCHING_STAGES = ['opened', 'begun', 'finished'] as const;
export type WatchingStage = (typeof WATCHING_STAGES)[number];

/** Value of a record of the topic, as JSON. */
export type Watching = {
  readonly profileId: string;
  /** The movie or episode. */
  readonly titleId: string;
  readonly positionMs: number;
  readonly durationMs: number;
  readonly stage: WatchingStage;
  readonly atMs: number;
};

/** Reads the value of a record of the topic. Throws a TypeError for anything else. */
export function parseWatching(value: Uint8Array): Watching {
  const parsed: unknown = JSON.parse(new TextDecoder().decode(value));
  const { profileId, titleId, positionMs, durationMs, stage, atMs }: Readonly<Record<string, unknown>> =
    typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  const known = WATCHING_STAGES.find((each) => each === stage);
  if (
    typeof profileId === 'string' &&
    typeof titleId === 'string' &&
    typeof positionMs === 'number' &&
    typeof durationMs === 'number' &&
    typeof atMs === 'number' &&
    known !== undefined
  )
    return { profileId, titleId, positionMs, durationMs, stage: known, atMs };
  throw new TypeError(`a record of ${WATCHING_TOPIC} that tells of no watching`);
}
