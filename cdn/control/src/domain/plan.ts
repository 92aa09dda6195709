import { createHash } from 'node:crypto';
import type { Appliance, EditionPlan } from '../../contract/index.ts';
import { bytesOf } from './edition.ts';

export type PlanInput = {
  readonly applianceId: string;
  readonly editions: readonly EditionPlan[];
  readonly appliances: readonly Appliance[];
  /** Worth of an edition per stored byte, from views; absent means equally wanted. Reserved for placement by popularity. */
  readonly popularityOf?: (editionId: string) => number;
};

export type AppliancePlan = {
  /** Same content, same version: an appliance that has it need not be sent it again, whoever computed it. */
  readonly version: number;
  readonly editions: readonly EditionPlan[];
  readonly peers: readonly Appliance[];
};

/**
 * What one appliance should hold, most wanted first, and whom it can ask before the origin. Every appliance holds everything: with
 * few appliances that is what makes losing one harmless. Placement by popularity replaces `chosen` and nothing else.
 */
export function planFor(input: PlanInput): AppliancePlan {
  const chosen = input.editions.toSorted(byWish(input.popularityOf ?? (() => 0)));
  const peers = input.appliances
    .filter((appliance) => appliance.id !== input.applianceId && appliance.healthy)
    .toSorted((one, other) => (one.id < other.id ? -1 : 1));
  return { version: versionOf(chosen, peers), editions: chosen, peers };
}

/** More popular first; among equals the smaller one, so that something new can be watched soonest. */
function byWish(popularityOf: (editionId: string) => number): (one: EditionPlan, other: EditionPlan) => number {
  return (one, other) =>
    popularityOf(other.editionId) - popularityOf(one.editionId) ||
    bytesOf(one) - bytesOf(other) ||
    (one.editionId < other.editionId ? -1 : 1);
}

/** 48 bits of a hash: exact in a double, and two plans in a row that collide are a one in 10^14 chance. Never 0: that says "none yet". */
function versionOf(editions: readonly EditionPlan[], peers: readonly Appliance[]): number {
  const hash = createHash('sha256');
  for (const edition of editions) hash.update(`e ${edition.editionId} ${edition.titleId}\n`);
  // An edition id stands for its files: holding it with other files is refused.
  for (const peer of peers) hash.update(`p ${peer.id} ${peer.baseUrl} ${peer.editions.toSorted().join(' ')}\n`);
  return hash.digest().readUIntBE(0, 6) + 1;
}
