import { createHash } from 'node:crypto';
import type { Appliance } from '@bioscope/control/contract';

export type RankInput = {
  readonly editionId: string;
  readonly sessionId: string;
  readonly appliances: readonly Appliance[];
  /** Total bytes of the edition; null when nobody planned it. */
  readonly editionBytes: number | null;
  /** How near an appliance is to the client: greater is nearer; equal numbers are equally near. */
  nearness(appliance: Appliance): number;
  /** Where the client was answered: among equally near appliances those of this region come first. */
  readonly region: string;
};

export type Ranked = {
  readonly appliance: Appliance;
  /** It answers players and holds every file of the edition. */
  readonly usable: boolean;
  readonly why: string;
};

/**
 * Every appliance, best first. The same input gives the same order; sessions spread evenly over equals and stay where they are. The third is the best one of another
 * region, where there is one: a player that knows a handful of pathways then outlives the loss of a region.
 */
export function rank(input: RankInput): Ranked[] {
  const ordered = input.appliances
    .map((appliance) => judge(appliance, input))
    .toSorted(
      (one, other) =>
        one.standing - other.standing ||
        other.nearness - one.nearness ||
        Number(other.isHome) - Number(one.isHome) ||
        one.loadStep - other.loadStep ||
        other.share - one.share ||
        // Less work for whoever holds the most of it; only matters below the usable ones.
        (one.appliance.id < other.appliance.id ? -1 : 1),
    );
  return withAnotherRegion(ordered).map((judged, place) => ({
    appliance: judged.appliance,
    usable: isUsable(judged),
    why: explain(judged, place),
  }));
}

/** So many of the nearest come before the one of another region. */
const NEAREST_FIRST = 2;

function withAnotherRegion(ordered: readonly Judged[]): readonly Judged[] {
  const region = ordered[0]?.appliance.region;
  const nearest = ordered.slice(0, NEAREST_FIRST + 1);
  if (nearest.some(({ appliance }) => appliance.region !== region)) return ordered;
  const other = ordered.find((judged) => isUsable(judged) && judged.appliance.region !== region);
  if (other === undefined) return ordered;
  const rest = ordered.filter((judged) => judged !== other);
  return rest.toSpliced(NEAREST_FIRST, 0, other);
}

function isUsable({ standing }: Judged): boolean {
  return standing <= STANDING.troubled;
}

/** Best first. What an appliance holds and whether it works outweigh how near it is: a near server without the file serves nobody. */
const STANDING = { well: 0, troubled: 1, filling: 2, without: 3, ill: 4 } as const;
type Standing = (typeof STANDING)[keyof typeof STANDING];

type Judged = {
  readonly appliance: Appliance;
  readonly standing: Standing;
  readonly nearness: number;
  readonly isHome: boolean;
  readonly loadStep: number;
  readonly share: number;
  readonly heldShare: number;
};

function judge(appliance: Appliance, input: RankInput): Judged {
  const heldShare = heldShareOf(appliance, input);
  return {
    appliance,
    standing: standingOf(appliance, heldShare),
    nearness: input.nearness(appliance),
    isHome: appliance.region === input.region,
    loadStep: loadStepOf(appliance.load),
    share: rendezvous(input.sessionId, appliance.id),
    heldShare,
  };
}

function heldShareOf(appliance: Appliance, { editionId, editionBytes }: RankInput): number {
  if (appliance.editions.includes(editionId)) return 1;
  const bytes = appliance.fillingBytes[editionId] ?? 0;
  // Below 1 even when the numbers disagree: only the appliance itself can say that it holds everything.
  return editionBytes === null || editionBytes <= 0 ? 0 : Math.min(0.99, bytes / editionBytes);
}

function standingOf(appliance: Appliance, heldShare: number): Standing {
  if (!appliance.healthy) return STANDING.ill;
  if (heldShare === 1) return appliance.troubles.length === 0 ? STANDING.well : STANDING.troubled;
  return heldShare > 0 ? STANDING.filling : STANDING.without;
}

/** Load decides only where it could be felt; below that, moving sessions about would only cost warm connections. */
function loadStepOf(load: number): number {
  return load < 0.7 ? 0 : load < 0.85 ? 1 : load < 0.95 ? 2 : 3;
}

/**
 * Highest random weight (Thaler, Ravishankar, "A name-based mapping scheme for rendezvous", 1996): every session has its own order of the
 * appliances, and when one goes away only its own sessions move.
 */
function rendezvous(sessionId: string, applianceId: string): number {
  return createHash('sha1').update(`${sessionId}\n${applianceId}`).digest().readUIntBE(0, 6);
}

function explain(judged: Judged, place: number): string {
  const { appliance, standing, nearness, loadStep, heldShare } = judged;
  const reasons = [STANDING_TEXT[standing](appliance, heldShare)];
  if (standing <= STANDING.troubled) {
    if (nearness > 0) reasons.push(`near the client (${nearness})`);
    if (loadStep > 0) reasons.push(`load ${Math.round(appliance.load * 100)} %`);
    reasons.push("then by the session's own order");
  }
  return `${place + 1}: ${reasons.join('; ')}`;
}

const STANDING_TEXT: Readonly<Record<Standing, (appliance: Appliance, heldShare: number) => string>> = {
  [STANDING.well]: () => 'holds the edition, is well',
  [STANDING.troubled]: (appliance) => `holds the edition, but: ${appliance.troubles.join('; ')}`,
  [STANDING.filling]: (_, heldShare) => `holds ${Math.floor(heldShare * 100)} % of the edition`,
  [STANDING.without]: () => 'does not hold the edition',
  [STANDING.ill]: (appliance) => `cannot serve: ${appliance.troubles.join('; ') || 'not healthy'}`,
};
