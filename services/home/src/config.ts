/** Settings of the home service. */
export type HomeConfig = {
  /** Of this software, for the history of schemas. */
  readonly release: string;
};

export function readConfig(environment: Readonly<Record<string, string | undefined>>): HomeConfig {
  return { release: environment['BIOSCOPE_VERSION'] ?? 'unknown' };
}
