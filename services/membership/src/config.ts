/** Settings of the membership service. */
export type MembershipConfig = {
  /** Whether the clock of an account may be moved: for tests and demonstrations, never where members pay. */
  readonly hasTestClocks: boolean;
  /** Of this software, for the history of schemas. */
  readonly release: string;
};

/** Throws when a setting is wrong, and names it. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): MembershipConfig {
  const text = environment['BIOSCOPE_TEST_CLOCKS'] ?? '';
  if (!['', '0', '1'].includes(text))
    throw new Error(
      `membership cannot start: BIOSCOPE_TEST_CLOCKS is ${JSON.stringify(text)}; 1 turns the test clocks on, 0 or nothing off`,
    );
  return { hasTestClocks: text === '1', release: environment['BIOSCOPE_VERSION'] ?? 'unknown' };
}
