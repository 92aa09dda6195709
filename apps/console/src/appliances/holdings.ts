import type { Appliance } from '@bioscope/control/contract';

type Held = Pick<Appliance, 'editions' | 'fillingBytes'>;

/** How much of each planned edition an appliance has, 0 to 1; what lacks most comes first. */
export function filledOf(appliance: Held, planned: Readonly<Record<string, number>>): { editionId: string; share: number }[] {
  const whole = new Set(appliance.editions);
  return Object.entries(planned)
    .map(([editionId, total]) => {
      const held = appliance.fillingBytes[editionId] ?? 0;
      // All bytes are not yet all checked files: only the appliance says when it is whole.
      return { editionId, share: whole.has(editionId) ? 1 : total > 0 ? Math.min(0.99, held / total) : 0 };
    })
    .sort((one, other) => one.share - other.share || (one.editionId < other.editionId ? -1 : 1));
}

/** Of the bytes of all planned editions, 0 to 1; an appliance that should hold nothing holds all of it. */
export function shareHeld(appliance: Held, planned: Readonly<Record<string, number>>): number {
  const total = Object.values(planned).reduce((sum, each) => sum + each, 0);
  if (total === 0) return 1;
  return filledOf(appliance, planned).reduce((sum, { editionId, share }) => sum + share * (planned[editionId] ?? 0), 0) / total;
}
