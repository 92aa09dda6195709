import type { Instance } from '@bioscope/rpc';

/** What a gateway needs of the picture of regions. */
export type BridgePlan = {
  /** 0 to 1: the part of the requests from clients that is handed over. */
  readonly share: number;
  /** To gateways of these regions. */
  readonly to: readonly string[];
  /** Hosts, without ports, whose public doors are all known to be ill. */
  readonly illHosts: ReadonlySet<string>;
};

export const NO_BRIDGE: BridgePlan = { share: 0, to: [], illHosts: new Set() };

type RegionSaid = {
  readonly name: string;
  readonly bridgeShare: number;
  readonly bridgeTo: readonly string[];
  readonly zones: readonly { readonly gateways: readonly { readonly address: string; readonly healthy: boolean }[] }[];
};

/** The plan of the gateways of `region`. */
export function planBridge(region: string, regions: readonly RegionSaid[]): BridgePlan {
  const own = regions.find(({ name }) => name === region);
  if (own === undefined || !(own.bridgeShare > 0)) return NO_BRIDGE;
  const doors = regions.flatMap(({ zones }) => zones).flatMap(({ gateways }) => gateways);
  const byHost = Map.groupBy(doors, ({ address }) => hostOf(address));
  const illHosts = new Set([...byHost].filter(([, each]) => each.every(({ healthy }) => !healthy)).map(([host]) => host));
  // A plan that names its own region would hand requests round in a circle.
  return { share: Math.min(own.bridgeShare, 1), to: own.bridgeTo.filter((name) => name !== region), illHosts };
}

/** Those of the gateways that requests may be handed to. */
export function gatewaysToBridgeTo(plan: BridgePlan, gateways: readonly Instance[]): readonly Instance[] {
  const there = gateways.filter(({ region, address }) => plan.to.includes(region) && !plan.illHosts.has(hostOf(address)));
  const sure = there.filter(({ isDoubtful }) => isDoubtful !== true);
  return sure.length > 0 ? sure : there;
}

/** RPC listener and public door of a gateway have one host, and each a port of its own. */
function hostOf(address: string): string {
  return address.slice(0, address.lastIndexOf(':'));
}
