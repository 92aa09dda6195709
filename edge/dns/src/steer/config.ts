/** Settings of steering by regions. */
export type SteeringConfig = {
  /** "": none. */
  readonly prefixesFile: string;
  readonly latenciesFile: string;
  /** A table of countries in MaxMind's format; "": the one that comes along; "none": none. */
  readonly countriesFile: string;
  /** Where the last good picture is kept. */
  readonly pictureFile: string;
};

/**
 * Reads BIOSCOPE_DNS_PREFIXES (the operator's networks), BIOSCOPE_DNS_LATENCIES (measured ones), BIOSCOPE_COUNTRY_TABLE (as the gateway does) and BIOSCOPE_DNS_STATE (the file of the
 * last good picture). Throws when the last is missing: without it, a restart while the control plane is gone would answer nobody.
 */
export function readSteeringConfig(environment: Readonly<Record<string, string | undefined>>): SteeringConfig {
  const pictureFile = environment['BIOSCOPE_DNS_STATE'] ?? '';
  if (pictureFile === '')
    throw new Error('dns cannot start: BIOSCOPE_DNS_STATE must name a file in which the last picture of regions is kept');
  return {
    prefixesFile: environment['BIOSCOPE_DNS_PREFIXES'] ?? '',
    latenciesFile: environment['BIOSCOPE_DNS_LATENCIES'] ?? '',
    countriesFile: environment['BIOSCOPE_COUNTRY_TABLE'] ?? '',
    pictureFile,
  };
}
