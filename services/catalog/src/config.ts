/** Settings of the catalogue. */
export type CatalogConfig = {
  /** Only what access lets who asks see is in the graph; else everything is. */
  readonly hasMembers: boolean;
  /** Of this release, for the history of schemas. */
  readonly release: string;
};

/** Throws an error that names the setting that is wrong. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): CatalogConfig {
  const members = environment['BIOSCOPE_MEMBERS'] || 'required';
  if (members !== 'none' && members !== 'required') {
    throw new Error(`catalog cannot start: BIOSCOPE_MEMBERS is ${JSON.stringify(members)}; "required" or "none" is wanted`);
  }
  return { hasMembers: members === 'required', release: environment['BIOSCOPE_VERSION'] ?? 'unknown' };
}
