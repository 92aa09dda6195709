/** Settings of the regions service. */
export type RegionsConfig = {
  readonly regions: readonly NamedRegion[];
  /** How long resolvers may keep an answer of the name servers. */
  readonly dnsTtlSeconds: number;
  /** How long each share of bridged requests is watched before it grows. */
  readonly holdSeconds: number;
};

export type NamedRegion = {
  readonly name: string;
  /** ISO 3166-1 alpha-2; "" where nobody said. */
  readonly country: string;
  /** Requests per second; 0: what its gateways say. */
  readonly capacityPerSecond: number;
};

/** What a picture and an answer of DNS may reasonably name. */
export const REGIONS_MAX = 32;
const REGION = /^([a-z0-9][a-z0-9-]{0,31})(?:=([A-Z]{2}))?(?::(\d{1,7}))?$/;
const TTL_SECONDS_DEFAULT = 30;
const TTL_SECONDS_MAX = 3_600;
/** The window over which gateways are measured. */
const HOLD_SECONDS_DEFAULT = 3;
const HOLD_SECONDS_MAX = 600;

/**
 * Reads BIOSCOPE_REGIONS (`name[=COUNTRY][:requests per second]`, comma between; empty: whichever report), BIOSCOPE_DNS_TTL_SECONDS (1 to 3 600,
 * default 30) and BIOSCOPE_BRIDGE_HOLD_SECONDS (3 to 600, default 3). Throws one error that names every setting that is wrong.
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): RegionsConfig {
  const problems: string[] = [];
  const config = {
    regions: readRegions(environment['BIOSCOPE_REGIONS'] ?? '', problems),
    dnsTtlSeconds: readWhole(
      environment,
      'BIOSCOPE_DNS_TTL_SECONDS',
      { otherwise: TTL_SECONDS_DEFAULT, min: 1, max: TTL_SECONDS_MAX },
      problems,
    ),
    holdSeconds: readWhole(
      environment,
      'BIOSCOPE_BRIDGE_HOLD_SECONDS',
      { otherwise: HOLD_SECONDS_DEFAULT, min: HOLD_SECONDS_DEFAULT, max: HOLD_SECONDS_MAX },
      problems,
    ),
  };
  if (problems.length > 0) throw new Error(`regions cannot start:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  return config;
}

function readRegions(text: string, problems: string[]): readonly NamedRegion[] {
  const regions: NamedRegion[] = [];
  const given = text.split(',').filter((part) => part.trim() !== '');
  if (given.length > REGIONS_MAX) problems.push(`BIOSCOPE_REGIONS: ${given.length} regions; at most ${REGIONS_MAX}`);
  for (const part of given) {
    const [, name, country = '', capacity = '0'] = REGION.exec(part.trim()) ?? [];
    if (name === undefined)
      problems.push(`BIOSCOPE_REGIONS: ${JSON.stringify(part)} is not name[=COUNTRY][:requests per second], such as a=DE:2000`);
    else if (regions.some((other) => other.name === name)) problems.push(`BIOSCOPE_REGIONS: region ${name} is named twice`);
    else regions.push({ name, country, capacityPerSecond: Number(capacity) });
  }
  return regions;
}

function readWhole(
  environment: Readonly<Record<string, string | undefined>>,
  name: string,
  { otherwise, min, max }: { otherwise: number; min: number; max: number },
  problems: string[],
): number {
  const text = environment[name] ?? '';
  const value = text === '' ? otherwise : Number(text);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  problems.push(`${name}: ${JSON.stringify(text)} must be a whole number of seconds from ${min} to ${max}`);
  return otherwise;
}
