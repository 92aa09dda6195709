import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { startViewers, type Credentials, type ViewersOptions } from '@bioscope/viewer';
import { Complaint, DATA_OPTION, EXIT, flag, JSON_OPTION, textOption } from '../command.ts';
import type { Command, Invocation } from '../command.ts';
import { wholeNumber } from '../parse-invocation.ts';
import { liveLines } from '../progress.ts';
import { runningService } from '../service/running-service.ts';
import { accountsFor } from '../viewers/accounts.ts';
import { figuresLines, summaryText } from '../viewers/figures-text.ts';
import { hasMembers } from '../viewers/members-setting.ts';
import { appOperations } from '../viewers/operations.ts';
import { placesFrom } from '../viewers/places.ts';

const COUNT_DEFAULT = 100;
const COUNT_MAX = 2_000;
const DAY_SECONDS = 86_400;
const SEED_MAX = 4_294_967_295;
/** Where the demo's plans are offered. */
const COUNTRY_DEFAULT = 'DE';

export const viewers: Command = {
  name: 'viewers',
  about: 'let synthetic viewers watch, and show starts per second, stalls and failed requests',
  usage:
    'viewers [--count N] [--seconds N] [--height N] [--seed N] [--accounts FILE] [--networks CIDR,…] [--dns ADDRESS,…] [--json] [--data DIR]',
  options: {
    count: { type: 'string', short: 'n', value: 'N', about: `how many watch at the same time (default: ${COUNT_DEFAULT})` },
    seconds: { type: 'string', value: 'N', about: 'end after so long (default: with Ctrl-C)' },
    browse: { type: 'string', value: 'SECONDS', about: 'between two films, on average (default: 4)' },
    watch: { type: 'string', value: 'SECONDS', about: 'of a film that are watched, on average (default: 60)' },
    height: { type: 'string', value: 'N', about: 'fetch the best quality up to this height (default: the smallest one)' },
    seed: { type: 'string', value: 'N', about: 'the same viewers with the same habits again (default: any)' },
    accounts: {
      type: 'string',
      value: 'FILE',
      about: 'members: a JSON list of {"email","password"} (default: they sign up and pay with a test card)',
    },
    country: { type: 'string', value: 'CC', about: `where those who sign up live (default: ${COUNTRY_DEFAULT})` },
    networks: { type: 'string', value: 'CIDR,…', about: 'where viewers sit: each has an address of its own there, such as 127.101.0.0/16' },
    dns: {
      type: 'string',
      value: 'ADDRESS,…',
      about: 'servers that know the names, such as 127.1.0.53:5353 (default: everything is at 127.0.0.1)',
    },
    json: { ...JSON_OPTION, about: 'print one JSON object per second, then the summary' },
    data: DATA_OPTION,
  },
  words: { min: 0, max: 0 },
  async run(invocation) {
    const { run, api, folder } = runningService(invocation);
    const count = numberOption(invocation, 'count', { min: 1, max: COUNT_MAX }) ?? COUNT_DEFAULT;
    const seconds = numberOption(invocation, 'seconds', { min: 1, max: DAY_SECONDS });
    const places = placesFrom({ networks: textOption(invocation, 'networks'), dns: textOption(invocation, 'dns') });
    const doors = { app: run.app, api: run.api, play: run.play };
    const interrupted = invocation.interrupt();
    const say = (line: string): void => invocation.terminal.err(`${line}\n`);
    const members = async (): Promise<Pick<ViewersOptions, 'accounts' | 'homeQuestion'>> => {
      if (!(await hasMembers(run))) return {};
      const operations = appOperations(invocation.environment);
      const given = textOption(invocation, 'accounts');
      const country = textOption(invocation, 'country') ?? COUNTRY_DEFAULT;
      const resolve = places[0]?.resolve;
      if (given !== undefined || resolve === undefined) return { accounts: readAccounts(given ?? ''), homeQuestion: operations.home };
      const accounts = await accountsFor({ api, folder, doors, resolve, operations, country, say, signal: interrupted }, count);
      return { accounts, homeQuestion: operations.home };
    };
    const options: ViewersOptions = {
      count,
      doors,
      places,
      seed: numberOption(invocation, 'seed', { min: 0, max: SEED_MAX }) ?? randomInt(SEED_MAX),
      heightMax: numberOption(invocation, 'height', { min: 1, max: 10_000 }) ?? 0,
      habits: habitsFrom(invocation),
      ...(await members()),
    };
    if (interrupted.aborted) return EXIT.interrupted;
    await watchThem(invocation, options, seconds, interrupted);
    return EXIT.done;
  },
};

async function watchThem(
  invocation: Invocation,
  options: ViewersOptions,
  seconds: number | undefined,
  interrupted: AbortSignal,
): Promise<void> {
  const { terminal } = invocation;
  const isJson = flag(invocation, 'json');
  const running = startViewers(options);
  const lines = liveLines(terminal);
  const end = AbortSignal.any([interrupted, ...(seconds === undefined ? [] : [AbortSignal.timeout(seconds * 1_000)])]);
  const stopped = new Promise<void>((resolve) => {
    end.addEventListener('abort', () => resolve(), { once: true });
  }).then(() => running.stop());
  for await (const figures of running.samples()) {
    if (isJson) terminal.out(`${JSON.stringify(figures)}\n`);
    else lines.draw(figuresLines(figures));
  }
  const summary = await stopped;
  lines.draw([]);
  lines.end();
  terminal.out(isJson ? `${JSON.stringify(summary)}\n` : summaryText(summary));
}

function habitsFrom(invocation: Invocation): NonNullable<ViewersOptions['habits']> {
  const browse = numberOption(invocation, 'browse', { min: 0, max: DAY_SECONDS });
  const watch = numberOption(invocation, 'watch', { min: 1, max: DAY_SECONDS });
  return {
    ...(browse === undefined ? {} : { browseMs: browse * 1_000 }),
    ...(watch === undefined ? {} : { watchMs: watch * 1_000 }),
  };
}

function numberOption(invocation: Invocation, name: string, bounds: { min: number; max: number }): number | undefined {
  const given = textOption(invocation, name);
  return given === undefined ? undefined : wholeNumber(viewers, name, given, bounds);
}

function readAccounts(file: string): readonly Credentials[] {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (Array.isArray(value) && value.length > 0 && value.every(isCredentials)) return value;
  } catch (cause) {
    throw new Complaint(`--accounts: ${file} cannot be read as JSON`, { cause });
  }
  throw new Complaint(`--accounts: ${file} is no list of {"email": "…", "password": "…"}`);
}

function isCredentials(value: unknown): value is Credentials {
  return (
    typeof value === 'object' &&
    value !== null &&
    'email' in value &&
    'password' in value &&
    typeof value.email === 'string' &&
    typeof value.password === 'string'
  );
}
