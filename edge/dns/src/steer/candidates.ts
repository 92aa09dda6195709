import type { SteeredGateway, SteeredRegion, SteeringPicture } from './steering-picture.ts';

/** A region that may be answered now, or why not. */
export type Candidate = {
  readonly region: SteeredRegion;
  /** 0 to 1; 0: not answered. */
  readonly weight: number;
  readonly gateways: readonly SteeredGateway[];
  /** Why not, or why with this weight; for people. */
  readonly text: string;
};
export type Candidates = { readonly list: readonly Candidate[]; readonly text: string };

type Tier = {
  /** How it came to this; "" is the normal state. */
  readonly text: string;
  weight(region: SteeredRegion): number;
  gateways(region: SteeredRegion): readonly SteeredGateway[];
};

const healthy = (region: SteeredRegion): readonly SteeredGateway[] => region.gateways.filter((gateway) => gateway.healthy);

/** From what should be answered to what is better than nothing. An evacuated region comes only after every other one that has a living gateway. */
const TIERS: readonly Tier[] = [
  { text: '', weight: (region) => (region.well ? region.weight : 0), gateways: healthy },
  { text: 'No region is well: ill ones with living gateways are answered.', weight: ({ weight }) => weight, gateways: healthy },
  { text: 'No region that DNS may send to has a living gateway: whatever lives is answered.', weight: () => 1, gateways: healthy },
  {
    text: 'No gateway anywhere reports: answered as if all were well.',
    weight: ({ weight }) => weight,
    gateways: ({ gateways }) => gateways,
  },
  { text: 'Nothing else is left: every known gateway is answered.', weight: () => 1, gateways: ({ gateways }) => gateways },
];

/** Who may be answered: the best tier in which there is anybody. Empty only where no gateway is known at all. */
export function candidatesOf({ regions }: SteeringPicture): Candidates {
  for (const tier of TIERS) {
    const list = regions.map((region): Candidate => {
      const gateways = tier.gateways(region);
      const weight = gateways.length > 0 ? tier.weight(region) : 0;
      return { region, weight, gateways, text: describe(region, weight, gateways) };
    });
    if (list.some(({ weight }) => weight > 0)) return { list, text: tier.text };
  }
  return { list: [], text: 'No gateway is known.' };
}

function describe(region: SteeredRegion, weight: number, gateways: readonly SteeredGateway[]): string {
  const state = `${region.name} is ${region.state}`;
  if (weight > 0) return `${state}, ${gateways.length} of its ${region.gateways.length} gateways may be answered`;
  if (region.weight === 0) return `${state} with weight 0`;
  if (!region.well) return `${state} but ill: ${region.reason}`;
  return `${state} but none of its ${region.gateways.length} gateways is healthy`;
}
