import { ADDRESSES, GROUPS, PLACES } from '@bioscope/topology';
import type { Deployment, Place } from '@bioscope/topology';
import { Complaint, DATA_OPTION, EXIT, flag, textOption } from '../command.ts';
import type { Command, Invocation } from '../command.ts';
import { dataFolder } from '../config.ts';
import { readDeployment } from '../fleet/deployment-file.ts';
import { readSecrets } from '../state/secrets.ts';
import { terminalLog } from '../terminal-log.ts';
import { parseEngines, readEngineSettings } from '../units/engine-settings.ts';

export const serve: Command = {
  name: 'serve',
  about: 'add an instance of services to a service that runs in regions, until Ctrl-C',
  usage: 'serve SERVICE… --region A --zone N [--data DIR]     (SERVICE: such as playback, or a group: edge, play, browse, offline)',
  options: {
    data: DATA_OPTION,
    region: { type: 'string', value: 'A', about: 'the region that it joins (default: a)' },
    zone: { type: 'string', value: 'N', about: 'the zone that it joins (default: 1)' },
    place: { type: 'string', value: 'NAME', about: 'instead: be the process of this name in the deployment, such as a-1-play' },
    name: { type: 'string', value: 'NAME', about: 'what this start is called in logs and `status` (default: made up)' },
    verbose: { type: 'boolean', short: 'v', about: 'show the whole log, not only warnings and errors' },
  },
  // More services than there are.
  words: { min: 0, max: 50 },
  async run(invocation) {
    const { environment, terminal } = invocation;
    const folder = dataFolder(invocation.options, environment);
    const deployment = readDeployment(folder);
    const secrets = readSecrets(folder);
    if (deployment === null || secrets === null) {
      throw new Complaint(`no service runs in regions on ${folder}: start one with "bioscope up --regions 2 --zones 3"`);
    }
    // Loads every unit: only for this command.
    const { serveProcess } = await import('../fleet/serve-process.ts');
    const { place, units } = await whatToServe(invocation, deployment);
    const engines = readEngineSettings(environment, parseEngines(environment['BIOSCOPE_ENGINES']));
    const host = await serveProcess({
      folder,
      deployment,
      place,
      name: textOption(invocation, 'name') ?? `${place.name}-${process.pid}`,
      units,
      engines,
      secrets,
      environment,
      onLogLine: terminalLog(terminal, flag(invocation, 'verbose') ? 'all' : 'troubles'),
    });
    // Those that the fleet starts are told of by their files.
    if (textOption(invocation, 'place') === undefined) terminal.err(`serving ${units.join(', ')} on ${place.address}\n`);
    await host.ended;
    return EXIT.done;
  },
};

async function whatToServe(invocation: Invocation, deployment: Deployment) {
  const { findPlace, isGroup } = await import('../fleet/process-units.ts');
  const { isUnitName, UNIT_NAMES } = await import('../service/units-by-name.ts');
  const named = textOption(invocation, 'place');
  if (named !== undefined) {
    const place = findPlace(deployment, named);
    if (place === undefined) throw new Complaint(`the deployment has no place "${named}"; "bioscope status" lists them`);
    return { place, units: isGroup(place) ? place.units.filter(isUnitName) : [] };
  }
  const names = invocation.words.flatMap((word) => (Object.hasOwn(GROUPS, word) ? [...GROUPS[word as keyof typeof GROUPS]] : [word]));
  const unknown = names.filter((name) => !isUnitName(name));
  if (names.length === 0 || unknown.length > 0) {
    const groups = Object.keys(GROUPS).join(', ');
    throw new Complaint(
      `${names.length === 0 ? 'say which services' : `there is no service "${unknown.join('", "')}"`} (groups: ${groups}; services: ${UNIT_NAMES.join(', ')})`,
    );
  }
  return { place: addedPlace(invocation, deployment, names), units: names.filter(isUnitName) };
}

/** An address of its own, so that a gateway can be added beside the one that is there. */
function addedPlace(invocation: Invocation, deployment: Deployment, units: readonly string[]): Place {
  const wanted = { region: textOption(invocation, 'region') ?? 'a', zone: textOption(invocation, 'zone') ?? '1' };
  const region = deployment.regions.findIndex(({ name }) => name === wanted.region) + 1;
  const zone = deployment.regions[region - 1]?.zones.find(({ name }) => name === wanted.zone);
  if (region === 0 || zone === undefined) {
    const there = deployment.regions.map(({ name, zones }) => `${name} with zones ${zones.map((each) => each.name).join(', ')}`).join('; ');
    throw new Complaint(`there is no zone ${wanted.zone} in region "${wanted.region}" (there are: ${there})`);
  }
  const host = PLACES.added + (process.pid % ADDED_MAX);
  return {
    name: `${wanted.region}-${wanted.zone}-${units[0] ?? ''}-added`,
    address: ADDRESSES.inZone(region, Number(wanted.zone), host),
    ...wanted,
  };
}

/** Addresses from PLACES.added on; two that fall on the same one matter to gateways only, which then share the port. */
const ADDED_MAX = 150;
