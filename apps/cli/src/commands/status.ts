import { statfs } from 'node:fs/promises';
import { ControlService } from '@bioscope/control/contract';
import type { Appliance } from '@bioscope/control/contract';
import type { UnitReport } from '@bioscope/host';
import { StudioService, WorkState } from '@bioscope/studio/contract';
import type { Work } from '@bioscope/studio/contract';
import { DATA_OPTION, EXIT, flag, JSON_OPTION } from '../command.ts';
import type { Command, Invocation } from '../command.ts';
import { fleetOf } from '../fleet/fleet-of.ts';
import { drawFleet, probeMembers } from '../fleet/fleet-status.ts';
import { bar, bytesText } from '../progress.ts';
import type { Api } from '../service/api.ts';
import { exchange } from '../service/http-exchange.ts';
import { runningService } from '../service/running-service.ts';
import { workStateName } from '../work-state-name.ts';
import type { RunFile } from '../state/run-file.ts';
import { table } from '../table.ts';

const PROBE_DEADLINE_MS = 3_000;
const BAR_COLUMNS = 20;

type Status = {
  readonly run: RunFile;
  readonly units: readonly UnitReport[];
  readonly appliances: readonly Appliance[];
  readonly work: readonly Work[];
  readonly disk: { readonly freeBytes: number; readonly totalBytes: number };
};

export const status: Command = {
  name: 'status',
  about: 'show units, delivery servers, work under way and disk space',
  usage: 'status [--json] [--data DIR]',
  options: { json: JSON_OPTION, data: DATA_OPTION },
  words: { min: 0, max: 0 },
  async run(invocation) {
    const { run, api, folder } = runningService(invocation);
    if (run.fleet !== undefined) return await showFleet(invocation, api);
    const [units, appliances, { work }, disk] = await Promise.all([
      probeUnits(run),
      readAppliances(api),
      api.call(StudioService.method.listWork, {}),
      statfs(folder).then((info) => ({ freeBytes: info.bavail * info.bsize, totalBytes: info.blocks * info.bsize })),
    ]);
    const found: Status = { run, units, appliances, work, disk };
    invocation.terminal.out(flag(invocation, 'json') ? `${JSON.stringify(forJson(found))}\n` : forPeople(found, folder));
    const well = units.every((unit) => unit.ready && unit.health.kind === 'well') && appliances.every((each) => each.healthy);
    return well ? EXIT.done : EXIT.failed;
  },
};

async function showFleet(invocation: Invocation, api: Api): Promise<number> {
  const [members, appliances] = await Promise.all([fleetOf(invocation).members().then(probeMembers), readAppliances(api).catch(() => [])]);
  invocation.terminal.out(flag(invocation, 'json') ? `${JSON.stringify(members)}\n` : drawFleet(members, appliances));
  return members.every(({ isWell }) => isWell) ? EXIT.done : EXIT.failed;
}

/** From the operations listener, which answers also when the gateway is ill. */
async function probeUnits(run: RunFile): Promise<readonly UnitReport[]> {
  const { hostname, port } = new URL(`http://${run.operations}`);
  const answer = await exchange({
    address: hostname,
    port: Number(port),
    hostHeader: run.operations,
    method: 'GET',
    path: '/healthz',
    headers: {},
    idleMs: PROBE_DEADLINE_MS,
  });
  const { units } = JSON.parse(answer.body.toString('utf8')) as { units: readonly UnitReport[] };
  return units;
}

async function readAppliances(api: Api): Promise<readonly Appliance[]> {
  const { appliances } = await api.call(ControlService.method.watchPicture, { knownVersion: 0, waitMs: 0 });
  return appliances;
}

function forPeople({ run, units, appliances, work, disk }: Status, folder: string): string {
  const running = work.filter((each) => each.state === WorkState.RUNNING);
  const failed = work.filter((each) => each.state === WorkState.FAILED);
  const sections = [
    `Bioscope ${run.version} at ${run.app} (process ${run.pid})`,
    `state ${folder}: ${bytesText(disk.freeBytes)} free of ${bytesText(disk.totalBytes)}`,
    '',
    table(
      ['unit', 'state', 'ready', 'health'],
      units.map((unit) => [unit.name, unit.state, unit.ready ? 'yes' : 'no', unit.health.kind === 'well' ? 'well' : unit.health.because]),
    ),
    table(
      ['delivery server', 'address', 'editions', 'load', 'disk free', 'health'],
      appliances.map((each) => [
        each.id,
        each.baseUrl,
        each.editions.length,
        `${Math.round(each.load * 100)} %`,
        bytesText(each.diskFreeBytes),
        each.healthy ? 'well' : each.troubles.join('; '),
      ]),
    ),
    running.length === 0 ? 'nothing is being prepared' : `being prepared:\n${running.map(workLine).join('\n')}`,
    ...failed.map((each) => `failed: ${each.name}: ${each.reason}`),
  ];
  return `${sections.join('\n')}\n`;
}

function workLine(work: Work): string {
  const share = work.steps.length === 0 ? 0 : work.steps.reduce((sum, step) => sum + step.progress, 0) / work.steps.length;
  return `  ${work.name}  ${bar(share, BAR_COLUMNS)}${work.playable ? '  playable' : ''}`;
}

function forJson({ run, units, appliances, work, disk }: Status) {
  return {
    ...run,
    units,
    disk,
    appliances: appliances.map(({ id, baseUrl, healthy, troubles, load, diskFreeBytes, editions }) => ({
      id,
      baseUrl,
      healthy,
      troubles,
      load,
      diskFreeBytes,
      editions,
    })),
    work: work.map(({ id, titleId, name, state, reason, playable, steps }) => ({
      id,
      titleId,
      name,
      state: workStateName(state),
      reason,
      playable,
      steps: steps.map((step) => ({ name: step.name, progress: step.progress })),
    })),
  };
}
