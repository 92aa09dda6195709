import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { EngineKind } from '@bioscope/engines';
import { Complaint, DATA_OPTION, EXIT, flag, JSON_OPTION, textOption } from '../command.ts';
import type { Command, Invocation } from '../command.ts';
import { dataFolder } from '../config.ts';
import { engineEnvironment, upLine } from '../engines/engine-environment.ts';
import { readEnginesRun, removeEnginesRun, writeEnginesRun } from '../engines/engines-run-file.ts';
import type { EnginesRun } from '../engines/engines-run-file.ts';
import { startEngines } from '../engines/start-engines.ts';
import type { StartRequest } from '../engines/start-engines.ts';
import { misuse } from '../parse-invocation.ts';
import { makeStateFolder } from '../state/state-folder.ts';
import { isStateLocked, takeStateLock } from '../state/state-lock.ts';

const KINDS = ['cassandra', 'kafka', 's3'] as const satisfies readonly EngineKind[];
/** Servers flush what they hold in memory, at most twenty seconds long. */
const STOP_MS_MAX = 60_000;
const LOOK_EVERY_MS = 50;

export const engines: Command = {
  name: 'engines',
  about: 'run Cassandra, Kafka and S3 servers on this machine, for development',
  usage: 'engines up [cassandra] [kafka] [s3] [--nodes 3] [--data-centres 3] [--json] | engines status [--json] | engines down',
  options: {
    nodes: { type: 'string', value: 'N', about: 'up: nodes of Cassandra and brokers of Kafka, 1 (default) or 3' },
    'data-centres': {
      type: 'string',
      value: 'N',
      about: 'up: 1 (default), or 3: a Cassandra node in each of region-a, region-b and witness',
    },
    data: { ...DATA_OPTION, about: `${DATA_OPTION.about}; the servers keep their data in its folder engines/` },
    json: JSON_OPTION,
  },
  words: { min: 1, max: 1 + KINDS.length },
  async run(invocation) {
    const [what, ...names] = invocation.words;
    const folder = join(dataFolder(invocation.options, invocation.environment), 'engines');
    if (what === 'up') return await up(invocation, folder, kindsOf(names));
    if (names.length > 0) throw misuse(engines, `"${names[0]}" is one word too many`);
    if (what === 'status') return status(invocation, folder);
    if (what === 'down') return await down(invocation, folder);
    throw misuse(engines, `there is no "engines ${what}"`);
  },
};

async function up(invocation: Invocation, folder: string, kinds: readonly EngineKind[]): Promise<number> {
  const { terminal } = invocation;
  const say = (line: string): void => terminal.err(`${line}\n`);
  const request: StartRequest = {
    kinds,
    nodes: oneOrThree(invocation, 'nodes'),
    dataCentres: oneOrThree(invocation, 'data-centres'),
    folder,
    environment: invocation.environment,
    say,
  };
  makeStateFolder(join(folder, '..'));
  makeStateFolder(folder);
  const lock = takeStateLock(folder);
  if (lock === null)
    throw new Complaint(`engines run on ${folder} already; "bioscope engines down" stops them, --data DIR chooses another folder`);
  try {
    const interrupted = invocation.interrupt();
    say(`starting ${kinds.join(', ')} …`);
    const started = await startEngines(request);
    try {
      const run: EnginesRun = { pid: process.pid, folder, engines: started.addresses, environment: engineEnvironment(started.addresses) };
      writeEnginesRun(run);
      if (flag(invocation, 'json')) terminal.out(`${JSON.stringify(run)}\n`);
      else terminal.out(forPeople(run));
      say('stop with Ctrl-C');
      if (!interrupted.aborted) await once(interrupted, 'abort');
      say('stopping …');
    } finally {
      removeEnginesRun(folder);
      await started.stop();
    }
    return EXIT.done;
  } finally {
    lock.release();
  }
}

function status(invocation: Invocation, folder: string): number {
  const run = readEnginesRun(folder);
  if (run === null) {
    invocation.terminal.err(`no engines run on ${folder}\n`);
    return EXIT.failed;
  }
  invocation.terminal.out(flag(invocation, 'json') ? `${JSON.stringify(run)}\n` : forPeople(run));
  return EXIT.done;
}

async function down(invocation: Invocation, folder: string): Promise<number> {
  const run = readEnginesRun(folder);
  if (run === null) {
    invocation.terminal.err(`no engines run on ${folder}\n`);
    return EXIT.done;
  }
  process.kill(run.pid, 'SIGTERM');
  const deadlineAtMs = performance.now() + STOP_MS_MAX;
  while (isStateLocked(folder)) {
    if (performance.now() > deadlineAtMs) throw new Complaint(`process ${run.pid} still runs after ${STOP_MS_MAX / 1000} s`);
    await pause(LOOK_EVERY_MS);
  }
  invocation.terminal.err('stopped\n');
  return EXIT.done;
}

function forPeople({ folder, engines: { cassandra, kafka, s3 }, engines: all }: EnginesRun): string {
  const lines = [
    ...(cassandra?.nodes ?? []).map((node) => `  cassandra  ${node.contactPoint}  ${node.dataCentre} ${node.rack}`),
    ...(kafka?.bootstrap ?? []).map((broker) => `  kafka      ${broker}`),
    ...(s3 === undefined ? [] : [`  s3         ${s3.endpoint}  bucket ${s3.bucket}`]),
    `  data       ${folder}`,
  ];
  return `\n${lines.join('\n')}\n\nTo run the product on them, in another terminal:\n\n  ${upLine(all)}\n\n`;
}

function kindsOf(names: readonly string[]): readonly EngineKind[] {
  const wrong = names.find((name) => !(KINDS as readonly string[]).includes(name));
  if (wrong !== undefined) throw misuse(engines, `there is no engine "${wrong}" (there are: ${KINDS.join(', ')})`);
  return names.length === 0 ? KINDS : KINDS.filter((kind) => names.includes(kind));
}

function oneOrThree(invocation: Invocation, name: string): 1 | 3 {
  const text = textOption(invocation, name) ?? '1';
  if (text === '1') return 1;
  if (text === '3') return 3;
  throw misuse(engines, `--${name} is "${text}": use 1 or 3`);
}
