export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** `auto`: for people when stderr is a terminal, JSON otherwise. */
export const LOG_FORMATS = ['auto', 'json', 'human'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

export type TelemetryConfig = { readonly level: LogLevel; readonly format: LogFormat };

/** Reads `BIOSCOPE_LOG_LEVEL` (default `info`) and `BIOSCOPE_LOG_FORMAT` (default `auto`). Throws naming every setting that is wrong. */
export function readTelemetryConfig(environment: Readonly<Record<string, string | undefined>>): TelemetryConfig {
  const level = environment['BIOSCOPE_LOG_LEVEL'] ?? 'info';
  const format = environment['BIOSCOPE_LOG_FORMAT'] ?? 'auto';
  const problems: string[] = [];
  if (!isOneOf(LOG_LEVELS, level)) problems.push(`BIOSCOPE_LOG_LEVEL is "${level}": use one of ${LOG_LEVELS.join(', ')}`);
  if (!isOneOf(LOG_FORMATS, format)) problems.push(`BIOSCOPE_LOG_FORMAT is "${format}": use one of ${LOG_FORMATS.join(', ')}`);
  if (!isOneOf(LOG_LEVELS, level) || !isOneOf(LOG_FORMATS, format)) throw new Error(problems.join('\n'));
  return { level, format };
}

function isOneOf<const T extends readonly string[]>(choices: T, value: string): value is T[number] {
  return choices.includes(value);
}
