import type { Unit } from '@bioscope/host';

/**
 * The stateless units, by the names under which they call each other: any process may host any of them, and loads only what it hosts. In the order in which
 * one process starts all: the gateway comes last, so that it opens when those behind it run, and drains first.
 */
const LOADERS = {
  registry: async () => (await import('@bioscope/registry')).registry,
  regions: async () => (await import('@bioscope/regions')).regions,
  mail: async () => (await import('@bioscope/mail')).mail,
  identity: async () => (await import('@bioscope/identity')).identity,
  plans: async () => (await import('@bioscope/plans')).plans,
  membership: async () => (await import('@bioscope/membership')).membership,
  billing: async () => (await import('@bioscope/billing')).billing,
  access: async () => (await import('@bioscope/access')).access,
  catalog: async () => (await import('@bioscope/catalog')).catalog,
  control: async () => (await import('@bioscope/control')).control,
  steering: async () => (await import('@bioscope/steering')).steering,
  studio: async () => (await import('@bioscope/studio')).studio,
  playback: async () => (await import('@bioscope/playback')).playback,
  home: async () => (await import('@bioscope/home')).home,
  strings: async () => (await import('@bioscope/strings')).strings,
  graph: async () => (await import('@bioscope/graph-gateway')).graph,
  web: async () => (await import('@bioscope/web')).web,
  console: async () => (await import('@bioscope/console')).consoleUnit,
  gateway: async () => (await import('@bioscope/gateway')).gateway,
} as const satisfies Readonly<Record<string, () => Promise<Unit>>>;

export type UnitName = keyof typeof LOADERS;
export const UNIT_NAMES = Object.keys(LOADERS) as readonly UnitName[];

export function isUnitName(name: string): name is UnitName {
  return Object.hasOwn(LOADERS, name);
}

/** In the order given. */
export async function loadUnits(names: readonly UnitName[]): Promise<readonly Unit[]> {
  return await Promise.all(names.map((name): Promise<Unit> => LOADERS[name]()));
}
