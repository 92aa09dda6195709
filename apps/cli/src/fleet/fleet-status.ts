import type { Appliance } from '@bioscope/control/contract';
import type { UnitReport } from '@bioscope/host';
import { exchange } from '../service/http-exchange.ts';
import { bytesText } from '../progress.ts';
import { table } from '../table.ts';
import type { Member } from './fleet.ts';

/** A process of the fleet and how the units in it are. */
export type MemberStatus = Member & { readonly units: readonly UnitReport[]; readonly isWell: boolean; readonly because: string };

const PROBE_DEADLINE_MS = 3_000;

/** Asks every process of ours how it is; one that does not answer is not well. */
export async function probeMembers(members: readonly Member[]): Promise<readonly MemberStatus[]> {
  return await Promise.all(
    members.map(async (member) => {
      if (member.state !== 'ready') return { ...member, units: [], isWell: false, because: member.state };
      if (member.operations === '') return { ...member, units: [], isWell: true, because: '' };
      try {
        const units = await unitsOf(member.operations);
        const ill = units.flatMap(({ name, health }) => (health.kind === 'well' ? [] : [`${name}: ${health.because}`]));
        return { ...member, units, isWell: ill.length === 0, because: ill.join('; ') };
      } catch (error) {
        return {
          ...member,
          units: [],
          isWell: false,
          because: `does not answer: ${error instanceof Error ? error.message : String(error)}`,
        };
      }
    }),
  );
}

/** The deployment as a picture for people: a table per region with a row per zone, then what is not well. */
export function drawFleet(members: readonly MemberStatus[], appliances: readonly Appliance[]): string {
  const regions = [...new Set(members.filter(({ kind }) => kind === 'group').map(({ place }) => place.region))];
  const outside = members.filter(({ place }) => !regions.includes(place.region));
  const ill = members.filter(({ isWell }) => !isWell);
  const sections = [
    ...regions.map((region) =>
      drawRegion(
        region,
        members.filter(({ place }) => place.region === region),
        appliances,
      ),
    ),
    `outside the regions: ${outside.map(mark).join(', ')}`,
    ill.length === 0 ? 'everything is well' : `not well:\n${ill.map(({ place, because }) => `  ${place.name}: ${because}`).join('\n')}`,
  ];
  return `${sections.join('\n\n')}\n`;
}

function drawRegion(region: string, members: readonly MemberStatus[], appliances: readonly Appliance[]): string {
  const zones = [...new Set(members.filter(({ kind }) => kind === 'group').map(({ place }) => place.zone))];
  const columns = ['edge', 'play', 'browse', 'offline', 'memcached', 'discovery'];
  const rows = zones.map((zone) => [
    zone,
    ...columns.map((what) =>
      members
        .filter(({ place }) => place.name === `${region}-${zone}-${what}`)
        .map(state)
        .join(''),
    ),
    members
      .filter(({ kind, place }) => kind === 'appliance' && place.zone === zone)
      .map((member) => drawAppliance(member, appliances))
      .join(', '),
  ]);
  const dns = members
    .filter(({ kind }) => kind === 'dns')
    .map(mark)
    .join(', ');
  return `region ${region}    ${dns}\n${table(['zone', ...columns, 'delivery'], rows)}`;
}

function drawAppliance(member: MemberStatus, appliances: readonly Appliance[]): string {
  const said = appliances.find(({ id }) => id === member.place.name);
  const load = said === undefined ? '' : ` ${Math.round(said.load * 100)} % load, ${bytesText(said.diskFreeBytes)} free`;
  return `${member.place.name.split('-').slice(2).join('-')} ${state(member)}${load}`;
}

function mark(member: MemberStatus): string {
  return `${member.place.name} ${state(member)}`;
}

function state({ state: is, isWell, deaths }: MemberStatus): string {
  const died = deaths === 0 ? '' : ` (died ${deaths}×)`;
  return `${is !== 'ready' ? is : isWell ? 'well' : 'ill'}${died}`;
}

async function unitsOf(operations: string): Promise<readonly UnitReport[]> {
  const { hostname, port } = new URL(`http://${operations}`);
  const answer = await exchange({
    address: hostname,
    port: Number(port),
    hostHeader: operations,
    method: 'GET',
    path: '/healthz',
    headers: {},
    idleMs: PROBE_DEADLINE_MS,
  });
  return (JSON.parse(answer.body.toString('utf8')) as { units: readonly UnitReport[] }).units;
}
