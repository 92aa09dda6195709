import { fileURLToPath } from 'node:url';

/** Settings of the access service. */
export type AccessConfig = {
  /** Folder with the `.cedar` files and their schema. */
  readonly policyFolder: string;
  /** One of so many grants goes to the decision log; refusals always do. */
  readonly grantsPerRecord: number;
  /** How long a decision waits for a source. */
  readonly sourceDeadlineMs: number;
};

/** Three sources are asked at once; a decision that waited for all of them in vain is still far within the 2 s that callers give it. */
const SOURCE_DEADLINE_MS_DEFAULT = 400;

/** Throws one error that names every setting that is wrong. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): AccessConfig {
  const problems: string[] = [];
  const whole = (name: string, otherwise: number, min: number, max: number): number => {
    const text = environment[name];
    if (text === undefined || text === '') return otherwise;
    const value = Number(text);
    if (Number.isInteger(value) && value >= min && value <= max) return value;
    problems.push(`${name} is ${JSON.stringify(text)}; a whole number from ${min} to ${max} is wanted`);
    return otherwise;
  };
  const folder = environment['BIOSCOPE_ACCESS_POLICIES'];
  const config: AccessConfig = {
    policyFolder: folder === undefined || folder === '' ? fileURLToPath(new URL('../policies', import.meta.url)) : folder,
    grantsPerRecord: whole('BIOSCOPE_ACCESS_GRANTS_PER_RECORD', 100, 1, 1_000_000),
    sourceDeadlineMs: whole('BIOSCOPE_ACCESS_SOURCE_DEADLINE_MS', SOURCE_DEADLINE_MS_DEFAULT, 20, 1_500),
  };
  if (problems.length > 0) throw new Error(`access cannot start: ${problems.join('; ')}`);
  return config;
}
