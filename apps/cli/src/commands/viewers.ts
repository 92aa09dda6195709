import { randomInt } from 'node:crypto';
import { HABITS, LOOPBACK, startViewers, type BrowserViewers, type Place, type Viewers, type ViewersOptions } from '@bioscope/viewer';
import { DATA_OPTION, EXIT, flag, JSON_OPTION, textOption } from '../command.ts';
import type { Command, Invocation } from '../command.ts';
import { wholeNumber } from '../parse-invocation.ts';
import { liveLines } from '../progress.ts';
import { runningService } from '../service/running-service.ts';
import { readAccounts } from '../viewers/accounts-file.ts';
import { accountsFor } from '../viewers/accounts.ts';
import { browserLine, openBrowsers } from '../viewers/browsers.ts';
import { figuresLines, summaryText } from '../viewers/figures-text.ts';
import { hasMembers } from '../viewers/members-setting.ts';
import { appOperations } from '../viewers/operations.ts';
import { placesFrom } from '../viewers/places.ts';

const COUNT_DEFAULT = 100;
const COUNT_MAX = 2_000;
/** As packages/viewer has it: each decodes a film. */
const BROWSERS_MAX = 16;
const HEIGHT_MAX = 10_000;
const DAY_SECONDS = 86_400;
const SEED_MAX = 4_294_967_295;
/** Where the demo's plans are offered. */
const COUNTRY_DEFAULT = 'DE';

export const viewers: Command = {
  name: 'viewers',
  about: 'let synthetic viewers watch, and show starts per second, stalls and failed requests',
  usage:
    'viewers [--count N] [--seconds N] [--height N] [--seed N] [--chromium N] [--accounts FILE] [--networks CIDR,…] [--dns ADDRESS,…] [--json] [--data DIR]',
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
    chromium: { type: 'string', value: 'N', about: 'so many more in real browsers, through 127.0.0.1 (default: 0)' },
    json: { ...JSON_OPTION, about: 'print one JSON object per second, then the summary' },
    data: DATA_OPTION,
  },
  words: { min: 0, max: 0 },
  async run(invocation) {
    const { run } = runningService(invocation);
    const count = numberOption(invocation, 'count', { min: 1, max: COUNT_MAX }) ?? COUNT_DEFAULT;
    const browsers = numberOption(invocation, 'chromium', { min: 0, max: BROWSERS_MAX }) ?? 0;
    const seconds = numberOption(invocation, 'seconds', { min: 1, max: DAY_SECONDS });
    const seed = numberOption(invocation, 'seed', { min: 0, max: SEED_MAX }) ?? randomInt(SEED_MAX);
    const heightMax = numberOption(invocation, 'height', { min: 1, max: HEIGHT_MAX }) ?? 0;
    const places = placesFrom({ networks: textOption(invocation, 'networks'), dns: textOption(invocation, 'dns') });
    const habits = habitsFrom(invocation);
    const interrupted = invocation.interrupt();
    const { accounts, homeQuestion } = await membersFor(invocation, { places, count: count + browsers, signal: interrupted });
    if (interrupted.aborted) return EXIT.interrupted;
    const shared = { seed, ...(accounts === undefined ? {} : { accounts }) };
    const beside =
      browsers === 0
        ? undefined
        : await openBrowsers(invocation.environment, {
            ...shared,
            // Those who come last: the light ones take accounts from the front.
            ...(accounts === undefined ? {} : { accounts: accounts.toReversed() }),
            count: browsers,
            app: run.app,
            watchMs: habits.watchMs ?? HABITS.watchMs,
          });
    const end = AbortSignal.any([interrupted, ...(seconds === undefined ? [] : [AbortSignal.timeout(seconds * 1_000)])]);
    const doors = { app: run.app, api: run.api, play: run.play };
    const running = startViewers({
      ...shared,
      count,
      doors,
      places,
      heightMax,
      habits,
      ...(homeQuestion === undefined ? {} : { homeQuestion }),
    });
    await show(invocation, running, beside, end);
    return EXIT.done;
  },
};

type Members = Pick<ViewersOptions, 'accounts' | 'homeQuestion'>;

async function membersFor(
  invocation: Invocation,
  { places, count, signal }: { places: readonly Place[]; count: number; signal: AbortSignal },
): Promise<Members> {
  const { run, api, folder } = runningService(invocation);
  if (!(await hasMembers(run))) return {};
  const operations = appOperations(invocation.environment);
  const file = textOption(invocation, 'accounts');
  if (file !== undefined) return { accounts: readAccounts(file), homeQuestion: operations.home };
  const accounts = await accountsFor(
    {
      api,
      folder,
      doors: { app: run.app, api: run.api, play: run.play },
      resolve: places[0]?.resolve ?? LOOPBACK,
      operations,
      country: textOption(invocation, 'country') ?? COUNTRY_DEFAULT,
      say: (line) => invocation.terminal.err(`${line}\n`),
      signal,
    },
    count,
  );
  return { accounts, homeQuestion: operations.home };
}

/** Until the end; then the summary. */
async function show(invocation: Invocation, running: Viewers, browsers: BrowserViewers | undefined, end: AbortSignal): Promise<void> {
  const { terminal } = invocation;
  const isJson = flag(invocation, 'json');
  const lines = liveLines(terminal);
  const stopped = once(end).then(() => Promise.all([running.stop(), browsers?.stop()]));
  for await (const figures of running.samples()) {
    const beside = browsers?.figures();
    if (isJson) terminal.out(`${JSON.stringify({ ...figures, browsers: beside })}\n`);
    else lines.draw([...(beside === undefined ? [] : [browserLine(beside)]), ...figuresLines(figures)]);
  }
  const [summary, beside] = await stopped;
  lines.draw([]);
  lines.end();
  if (isJson) terminal.out(`${JSON.stringify({ ...summary, browsers: beside })}\n`);
  else terminal.out(`${beside === undefined ? '' : `${browserLine(beside)}\n`}${summaryText(summary)}`);
}

function once(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
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
