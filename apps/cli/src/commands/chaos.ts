import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { Complaint, DATA_OPTION, EXIT, flag, textOption } from '../command.ts';
import type { Command, Invocation } from '../command.ts';
import { dataFolder } from '../config.ts';
import { wholeNumber } from '../parse-invocation.ts';

const VIEWERS_DEFAULT = 100;
const VIEWERS_MAX = 2_000;
const SEED_MAX = 4_294_967_295;

export const chaos: Command = {
  name: 'chaos',
  about: 'break things on purpose in a service that runs in regions, and see who notices',
  usage: 'chaos check FILE… | run FILE… [--unleash] [--viewers N] [--report DIR] | monkey [--unleash] | list | stop     [--data DIR]',
  options: {
    unleash: { type: 'boolean', about: 'do it (without: watch, and say what would be done)' },
    viewers: { type: 'string', value: 'N', about: `how many watch meanwhile (default: ${VIEWERS_DEFAULT})` },
    seed: { type: 'string', value: 'N', about: 'the same viewers again (default: any)' },
    report: { type: 'string', value: 'DIR', about: 'where the report goes (default: chaos/report in the state folder)' },
    except: { type: 'string', value: 'ID,…', about: 'processes that the monkey spares; a star stands for anything' },
    data: DATA_OPTION,
  },
  words: { min: 1, max: 200 },
  async run(invocation) {
    const [what = '', ...files] = invocation.words;
    const takesFiles = what === 'check' || what === 'run';
    if (!Object.hasOwn(ACTIONS, what) || takesFiles !== files.length > 0)
      throw new Complaint('use "bioscope chaos check FILE…", "… run FILE…", "… monkey", "… list" or "… stop"', { exitCode: EXIT.misused });
    return await (ACTIONS[what]?.(invocation, files) ?? EXIT.misused);
  },
};

const ACTIONS: Readonly<Record<string, (invocation: Invocation, files: readonly string[]) => Promise<number>>> = {
  check,
  run: runFiles,
  monkey,
  list,
  stop,
};

async function check({ terminal }: Invocation, files: readonly string[]): Promise<number> {
  const { readExperiments } = await import('../chaos/read-experiments.ts');
  for (const { name, hypothesis } of readExperiments(files)) terminal.out(`${name}: ${hypothesis}\n`);
  return EXIT.done;
}

async function runFiles(invocation: Invocation, files: readonly string[]): Promise<number> {
  const { terminal } = invocation;
  const { readExperiments } = await import('../chaos/read-experiments.ts');
  const experiments = readExperiments(files);
  const { runExperiments } = await import('../chaos/run-experiments.ts');
  const isUnleashed = flag(invocation, 'unleash');
  const reportFolder = textOption(invocation, 'report') ?? join(dataFolder(invocation.options, invocation.environment), 'chaos', 'report');
  const signal = invocation.interrupt();
  const report = await runExperiments(invocation, experiments, {
    viewers: numberOption(invocation, 'viewers', { min: 1, max: VIEWERS_MAX }) ?? VIEWERS_DEFAULT,
    seed: numberOption(invocation, 'seed', { min: 0, max: SEED_MAX }) ?? randomInt(SEED_MAX),
    isUnleashed,
    reportFolder,
    signal,
    told: (line) => terminal.err(`${line}\n`),
  });
  const { tellResults } = await import('../chaos/tell-results.ts');
  tellResults(terminal, report, reportFolder);
  if (signal.aborted) return EXIT.interrupted;
  const { results } = report;
  const isWell = results.every(({ outcome }) => outcome === 'held' || (!isUnleashed && outcome === 'leashed'));
  return isWell && results.length === experiments.length ? EXIT.done : EXIT.failed;
}

async function monkey(invocation: Invocation): Promise<number> {
  const { terminal } = invocation;
  const { MONKEY_RULES, runMonkey } = await import('@bioscope/chaos');
  const { openLaboratory } = await import('../chaos/open-laboratory.ts');
  const { journalIn, patiently } = await import('../chaos/run-experiments.ts');
  await using laboratory = await openLaboratory(invocation);
  const journal = await journalIn(laboratory.folder);
  try {
    const except = textOption(invocation, 'except')?.split(',') ?? [];
    const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    terminal.err(
      `the monkey visits on workdays from ${MONKEY_RULES.hours.from} to ${MONKEY_RULES.hours.to} h (${timeZone}); Ctrl-C ends it\n`,
    );
    await runMonkey(
      {
        fleet: laboratory.fleet,
        journal,
        mode: flag(invocation, 'unleash') ? 'unleashed' : 'leashed',
        rules: { ...MONKEY_RULES, timeZone, except },
        salt: laboratory.folder,
        nowMs: Date.now,
        pause: patiently,
        random: Math.random,
        told: (line) => terminal.err(`${line}\n`),
      },
      invocation.interrupt(),
    );
    return EXIT.done;
  } finally {
    await journal.close();
  }
}

async function list(invocation: Invocation): Promise<number> {
  const { openLaboratory } = await import('../chaos/open-laboratory.ts');
  await using laboratory = await openLaboratory(invocation);
  const standing = [...(await laboratory.controller.list())].flatMap(([address, rules]) => rules.map((each) => ({ address, ...each })));
  for (const { address, rule, leaseMsLeft, hits } of standing) {
    const seconds = Math.ceil(leaseMsLeft / 1_000);
    invocation.terminal.out(
      `${address}  ${rule?.id ?? ''}: ${rule?.effect ?? ''}, struck ${hits} times, ends within ${seconds} s unless renewed\n`,
    );
  }
  if (standing.length === 0) invocation.terminal.err('nothing is broken on purpose\n');
  return EXIT.done;
}

/** Ends every rule, and lets go of what is held down. What is paused goes on with the process that paused it. */
async function stop(invocation: Invocation): Promise<number> {
  const { openLaboratory } = await import('../chaos/open-laboratory.ts');
  await using laboratory = await openLaboratory(invocation);
  const { reached, unreached } = await laboratory.controller.withdraw([]);
  const down = (await laboratory.fleet.list()).filter(({ state }) => state === 'down');
  await Promise.all(down.map(({ id }) => laboratory.fleet.release(id)));
  invocation.terminal.err(
    `told ${reached.length} processes${unreached.length === 0 ? '' : `; not reached: ${unreached.join(', ')}, whose leases run out`}\n`,
  );
  return EXIT.done;
}

function numberOption(invocation: Invocation, name: string, bounds: { min: number; max: number }): number | undefined {
  const given = textOption(invocation, name);
  return given === undefined ? undefined : wholeNumber(chaos, name, given, bounds);
}
