import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import type { Experiment } from '@bioscope/chaos';
import { REGIONS_MAX, ZONES_MAX } from '@bioscope/topology';
import { DATA_OPTION, EXIT, flag, textOption } from '../command.ts';
import type { Command, Invocation } from '../command.ts';
import { installationFolder } from '../config.ts';
import { wholeNumber } from '../parse-invocation.ts';

const VIEWERS = { quick: 100, full: 300 } as const;
const VIEWERS_MAX = 2_000;
const SEED_MAX = 4_294_967_295;
/** The full day does the whole list so often: what happens once in a hundred runs is seen. */
const FULL_ROUNDS = 3;

export const gameday: Command = {
  name: 'gameday',
  about: 'lose processes, zones and a region of a service while people watch, and write a report',
  usage: 'gameday [--quick] [--regions N --zones N] [--viewers N] [--seed N] [--report DIR] [FILE…]',
  options: {
    quick: { type: 'boolean', about: `the list once, with ${VIEWERS.quick} viewers (else ${FULL_ROUNDS} times with ${VIEWERS.full})` },
    regions: { type: 'string', value: 'N', about: 'of the service that is started for it (default: 2)' },
    zones: { type: 'string', value: 'N', about: 'of each region (default: 3)' },
    viewers: { type: 'string', value: 'N', about: 'how many watch' },
    seed: { type: 'string', value: 'N', about: 'the same viewers again (default: any)' },
    report: { type: 'string', value: 'DIR', about: 'where the report goes (default: artifacts/gameday)' },
    data: {
      ...DATA_OPTION,
      about: 'the state folder of a running service that takes faults (BIOSCOPE_CHAOS=1), instead of one that is started for it',
    },
  },
  // Experiments: a list that nobody types.
  words: { min: 0, max: 200 },
  async run(invocation) {
    const { readExperiments } = await import('../chaos/read-experiments.ts');
    const once = readExperiments(invocation.words.length > 0 ? invocation.words : [join(installationFolder(), 'test', 'gameday')]);
    const data = textOption(invocation, 'data');
    if (data !== undefined) return await hold(invocation, once);
    const { startOwnDeployment } = await import('../gameday/own-deployment.ts');
    const shape = { regions: number(invocation, 'regions', REGIONS_MAX) ?? 2, zones: number(invocation, 'zones', ZONES_MAX) ?? 3 };
    invocation.terminal.err(`starting ${shape.regions} regions of ${shape.zones} zones …\n`);
    await using service = await startOwnDeployment(invocation, shape);
    return await hold({ ...invocation, options: { ...invocation.options, data: service.folder } }, once);
  },
};

async function hold(invocation: Invocation, once: readonly Experiment[]): Promise<number> {
  const { runExperiments } = await import('../chaos/run-experiments.ts');
  const { tellResults } = await import('../chaos/tell-results.ts');
  const { terminal } = invocation;
  const isQuick = flag(invocation, 'quick');
  const experiments = isQuick ? once : rounds(once);
  const seed = number(invocation, 'seed', SEED_MAX) ?? randomInt(SEED_MAX);
  terminal.err(`seed ${seed}\n`);
  const reportFolder = textOption(invocation, 'report') ?? join(installationFolder(), 'artifacts', 'gameday');
  const signal = invocation.interrupt();
  const report = await runExperiments(invocation, experiments, {
    viewers: number(invocation, 'viewers', VIEWERS_MAX) ?? (isQuick ? VIEWERS.quick : VIEWERS.full),
    seed,
    isUnleashed: true,
    reportFolder,
    signal,
    told: (line) => terminal.err(`${line}\n`),
  });
  tellResults(terminal, report, reportFolder);
  if (signal.aborted) return EXIT.interrupted;
  return report.summary.passed === experiments.length ? EXIT.done : EXIT.failed;
}

/** Each round names its experiments by its own number. */
function rounds(once: readonly Experiment[]): readonly Experiment[] {
  return Array.from({ length: FULL_ROUNDS }, (_, round) => once.map((each) => ({ ...each, name: `${each.name}-${round + 1}` }))).flat();
}

function number(invocation: Invocation, name: string, max: number): number | undefined {
  const given = textOption(invocation, name);
  return given === undefined ? undefined : wholeNumber(gameday, name, given, { min: 1, max });
}
