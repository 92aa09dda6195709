import type { Appliance } from '../../contract/index.ts';

export type Holding = {
  readonly held: boolean;
  readonly applianceIds: string[];
  /** 0 to 1: the most complete healthy appliance's share of the bytes. */
  readonly progress: number;
};

/** How far an edition of `bytes` has come on the appliances that could serve it now. */
export function holdingOf(editionId: string, bytes: number, appliances: readonly Appliance[]): Holding {
  const healthy = appliances.filter((appliance) => appliance.healthy);
  const holders = healthy.filter((appliance) => appliance.editions.includes(editionId));
  if (holders.length > 0) return { held: true, applianceIds: holders.map((appliance) => appliance.id).sort(), progress: 1 };
  const most = Math.max(0, ...healthy.map((appliance) => appliance.fillingBytes[editionId] ?? 0));
  return { held: false, applianceIds: [], progress: Math.min(1, most / bytes) };
}
