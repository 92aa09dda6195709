/** Settings of the playback service. */
export type PlaybackConfig = {
  /** Scheme, host and port of the `play.` host, for URLs in manifests when the gateway does not say under which name it was asked. */
  readonly publicUrl: string;
  /** How long a segment token is accepted: who may no longer watch stops within this time. */
  readonly tokenLifeMs: number;
  /** How often a player reports; four reports within a token's life, so that three may be lost. */
  readonly heartbeatEveryMs: number;
  /** Only members watch, as access decides; else everybody may. */
  readonly hasMembers: boolean;
  /** Of this release, for the history of schemas. */
  readonly release: string;
};

const TOKEN_LIFE_SECONDS_DEFAULT = 600;
/** Below it, a player that buffers ahead outlives its token. */
const TOKEN_LIFE_SECONDS_MIN = 4;
const TOKEN_LIFE_SECONDS_MAX = 86_400;
const HEARTBEAT_MS_MAX = 30_000;

/** Throws one error that names every setting that is wrong. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): PlaybackConfig {
  const problems: string[] = [];
  const whole = (name: string, otherwise: number, min: number, max: number): number => {
    const text = environment[name];
    if (text === undefined || text === '') return otherwise;
    const value = Number(text);
    if (Number.isInteger(value) && value >= min && value <= max) return value;
    problems.push(`${name} is ${JSON.stringify(text)}; a whole number from ${min} to ${max} is wanted`);
    return otherwise;
  };
  const port = whole('BIOSCOPE_PORT', 8080, 0, 65_535);
  const lifeSeconds = whole('BIOSCOPE_SEGMENT_TOKEN_SECONDS', TOKEN_LIFE_SECONDS_DEFAULT, TOKEN_LIFE_SECONDS_MIN, TOKEN_LIFE_SECONDS_MAX);
  const host = environment['BIOSCOPE_HOST'] ?? 'localhost';
  if (!/^[a-z0-9.-]{1,200}$/.test(host)) problems.push(`BIOSCOPE_HOST is ${JSON.stringify(host)}; a host name in lower case is wanted`);
  const members = environment['BIOSCOPE_MEMBERS'] || 'required';
  if (members !== 'none' && members !== 'required')
    problems.push(`BIOSCOPE_MEMBERS is ${JSON.stringify(members)}; "required" or "none" is wanted`);
  if (problems.length > 0) throw new Error(`playback cannot start: ${problems.join('; ')}`);
  const tokenLifeMs = lifeSeconds * 1000;
  return {
    publicUrl: `http://play.${host}${port === 80 ? '' : `:${port}`}`,
    tokenLifeMs,
    hasMembers: members === 'required',
    release: environment['BIOSCOPE_VERSION'] ?? 'unknown',
    heartbeatEveryMs: Math.min(HEARTBEAT_MS_MAX, Math.floor(tokenLifeMs / 4)),
  };
}
