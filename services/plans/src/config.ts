/** Settings of the plans service. */
export type PlansConfig = {
  /** Offered to accounts that never were members; zero: payment from the first day. */
  readonly trialDays: number;
  /** Of this software, for the history of schemas. */
  readonly release: string;
};

const TRIAL_DAYS_MAX = 90;

/** Throws when a setting is wrong, and names it. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): PlansConfig {
  const text = environment['BIOSCOPE_TRIAL_DAYS'] ?? '';
  const trialDays = text === '' ? 0 : Number(text);
  if (!Number.isInteger(trialDays) || trialDays < 0 || trialDays > TRIAL_DAYS_MAX)
    throw new Error(
      `plans cannot start: BIOSCOPE_TRIAL_DAYS is ${JSON.stringify(text)}; a whole number of days from 0 to ${TRIAL_DAYS_MAX} is wanted`,
    );
  return { trialDays, release: environment['BIOSCOPE_VERSION'] ?? 'unknown' };
}
