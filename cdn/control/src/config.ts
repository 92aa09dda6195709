import type { RotationPolicy } from './domain/key-ring.ts';
import { TOKEN_LIFE_MS } from '../contract/index.ts';

export type ControlConfig = {
  readonly rotation: RotationPolicy;
  /** After a start, watchers are answered only then: by that time every living appliance has reported again. */
  readonly settleMs: number;
  readonly reportEveryMs: number;
};

const SIGNING_HOURS_DEFAULT = 6;
const SIGNING_HOURS_MAX = 24 * 90;

/** Reads BIOSCOPE_TOKEN_KEY_HOURS: how long one segment token key signs, default 6, at most 90 days. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): ControlConfig {
  const text = environment.BIOSCOPE_TOKEN_KEY_HOURS;
  const hours = text === undefined || text === '' ? SIGNING_HOURS_DEFAULT : Number(text);
  if (!Number.isFinite(hours) || hours < 1 || hours > SIGNING_HOURS_MAX) {
    throw new Error(`BIOSCOPE_TOKEN_KEY_HOURS: ${JSON.stringify(text)} must be a number of hours from 1 to ${SIGNING_HOURS_MAX}`);
  }
  return {
    rotation: { signingMs: hours * 3_600_000, leadMs: 5 * 60_000, keepMs: TOKEN_LIFE_MS + 20 * 60_000 },
    settleMs: 2_000,
    reportEveryMs: 1_000,
  };
}
