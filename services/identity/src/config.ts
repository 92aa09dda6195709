/** Settings of the identity service. */
export type IdentityConfig = {
  /** Where the members' app is, for links in messages. Never taken from a request: a forged host would get the links. */
  readonly appUrl: string;
  /** Where the operators' app is, for invitations. */
  readonly consoleUrl: string;
  /** What the service calls itself to passkey dialogs. */
  readonly serviceName: string;
  readonly accessLifeMs: number;
  /** Of this software, for the history of schemas. */
  readonly release: string;
};

const ACCESS_LIFE_SECONDS_DEFAULT = 600;

/** Throws one error that names every setting that is wrong. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): IdentityConfig {
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
  const lifeSeconds = whole('BIOSCOPE_ACCESS_TOKEN_SECONDS', ACCESS_LIFE_SECONDS_DEFAULT, 5, 3_600);
  const host = environment['BIOSCOPE_HOST'] ?? 'localhost';
  if (!/^[a-z0-9.-]{1,200}$/.test(host)) problems.push(`BIOSCOPE_HOST is ${JSON.stringify(host)}; a host name in lower case is wanted`);
  const given = environment['BIOSCOPE_APP_URL'] ?? '';
  const appUrl = given === '' ? `http://app.${host}${port === 80 ? '' : `:${port}`}` : given.replace(/\/+$/, '');
  if (!/^https?:\/\/[^/?#\s]+$/.test(appUrl))
    problems.push(`BIOSCOPE_APP_URL is ${JSON.stringify(given)}; scheme, host and port are wanted`);
  const consoleGiven = environment['BIOSCOPE_CONSOLE_URL'] ?? '';
  const consoleUrl = consoleGiven === '' ? `http://console.${host}${port === 80 ? '' : `:${port}`}` : consoleGiven.replace(/\/+$/, '');
  if (!/^https?:\/\/[^/?#\s]+$/.test(consoleUrl))
    problems.push(`BIOSCOPE_CONSOLE_URL is ${JSON.stringify(consoleGiven)}; scheme, host and port are wanted`);
  if (problems.length > 0) throw new Error(`identity cannot start: ${problems.join('; ')}`);
  const serviceName = environment['BIOSCOPE_NAME'] ?? '';
  return {
    appUrl,
    consoleUrl,
    serviceName: serviceName === '' ? 'Bioscope' : serviceName,
    accessLifeMs: lifeSeconds * 1000,
    release: environment['BIOSCOPE_VERSION'] ?? 'unknown',
  };
}
