import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { RegionsService } from '@bioscope/regions/contract';
import type { GetPictureResponse, Run } from '@bioscope/regions/contract';
import type { Client } from '@bioscope/rpc';
import { Complaint, DATA_OPTION, EXIT, flag, JSON_OPTION, textOption } from '../command.ts';
import type { Command, Invocation } from '../command.ts';
import { regionTable, runReport } from '../fleet/region-text.ts';

type Regions = Client<typeof RegionsService>;

const DEADLINE_MS = 5_000;
const LOOK_EVERY_MS = 250;
/** Above what the longest time to live and the slowest return take. */
const RUN_MS_MAX = 3_600_000;
const READ = { deadlineMs: DEADLINE_MS, idempotent: true } as const;

export const region: Command = {
  name: 'region',
  about: 'lead all of a region’s traffic elsewhere, bring it back, or show the regions',
  usage: 'region [list | evacuate NAME | restore NAME] [--reason TEXT] [--force] [--no-wait] [--json] [--data DIR]',
  options: {
    reason: { type: 'string', value: 'TEXT', about: 'why, for the report' },
    force: { type: 'boolean', about: 'also when the others have too little capacity, or the region is ill' },
    'no-wait': { type: 'boolean', about: 'do not wait for the end: the run goes on by itself' },
    json: JSON_OPTION,
    data: DATA_OPTION,
  },
  words: { min: 0, max: 2 },
  async run(invocation) {
    const [what = 'list', name = ''] = invocation.words;
    if (!['list', 'evacuate', 'restore'].includes(what) || (what !== 'list') !== (name !== ''))
      throw new Complaint('use "bioscope region list", "… evacuate NAME" or "… restore NAME"', { exitCode: EXIT.misused });
    const { withFleetRpc } = await import('../fleet/fleet-rpc.ts');
    return await withFleetRpc(invocation, 'regions', async (rpc) => {
      const regions = rpc.client(RegionsService);
      if (what === 'list') return await list(invocation, regions);
      const run = await begin(invocation, regions, what, name);
      return flag(invocation, 'no-wait') ? EXIT.done : await follow(invocation, regions, run);
    });
  },
};

async function list({ terminal, ...invocation }: Invocation, regions: Regions): Promise<number> {
  const picture = await regions.getPicture({ knownVersion: 0, waitMs: 0 }, READ);
  const asJson = flag({ terminal, ...invocation }, 'json');
  terminal.out(asJson ? `${JSON.stringify(withoutTypes(picture))}\n` : `${regionTable(picture.regions)}\n`);
  return EXIT.done;
}

async function begin(invocation: Invocation, regions: Regions, what: string, name: string): Promise<Run> {
  const common = { region: name, by: userInfo().username, force: flag(invocation, 'force'), commandId: randomUUID() };
  const how = { deadlineMs: DEADLINE_MS, idempotent: true };
  const { outcome } =
    what === 'evacuate'
      ? await regions.evacuate({ ...common, reason: textOption(invocation, 'reason') ?? '' }, how)
      : await regions.restore(common, how);
  if (outcome.case === 'started') return outcome.value;
  throw new Complaint(outcome.value?.text ?? 'refused without a reason');
}

/** Tells of each step as it is taken. */
async function follow(invocation: Invocation, regions: Regions, started: Run): Promise<number> {
  const { terminal } = invocation;
  const asJson = flag(invocation, 'json');
  const untilMs = performance.now() + RUN_MS_MAX;
  let told = 0;
  while (performance.now() < untilMs) {
    const { run } = await regions.getRun({ id: started.id }, READ);
    for (const step of run?.steps.slice(told) ?? []) if (!asJson) terminal.err(`  ${step.text}\n`);
    told = run?.steps.length ?? told;
    if (run !== undefined && run.endedAtMs > 0) {
      terminal.out(asJson ? `${JSON.stringify(withoutTypes(run))}\n` : `${runReport(run)}\n`);
      return run.outcome === 'done' ? EXIT.done : EXIT.failed;
    }
    await pause(LOOK_EVERY_MS);
  }
  throw new Complaint('it goes on for very long: "bioscope region list" says how things stand');
}

function withoutTypes(message: GetPictureResponse | Run): unknown {
  return JSON.parse(JSON.stringify(message, (key, value: unknown) => (key === '$typeName' ? undefined : value)));
}
