/** What a member can have. */
export type Plan = {
  readonly id: PlanId;
  /** Greater is more; changing to a greater rank is an upgrade. */
  readonly rank: number;
  /** Lines of the best picture. */
  readonly heightMax: number;
  readonly streamsMax: number;
  /** Signed in to watch: of more, those that signed in last do not. */
  readonly devicesMax: number;
  readonly downloadDevicesMax: number;
  readonly extraMembersMax: number;
};

/** Cheapest first. A plan is never changed once sold: members hold its terms; another offer is another plan. */
export const PLAN_IDS = ['mobile', 'basic', 'standard', 'premium'] as const;
export type PlanId = (typeof PLAN_IDS)[number];

/** Two devices of one person where one stream is sold; more than twice the streams in a household, so that nobody signs out a telephone to use the television. */
const PLANS: Readonly<Record<PlanId, Plan>> = {
  mobile: { id: 'mobile', rank: 1, heightMax: 480, streamsMax: 1, devicesMax: 2, downloadDevicesMax: 1, extraMembersMax: 0 },
  basic: { id: 'basic', rank: 2, heightMax: 720, streamsMax: 1, devicesMax: 2, downloadDevicesMax: 1, extraMembersMax: 0 },
  standard: { id: 'standard', rank: 3, heightMax: 1080, streamsMax: 2, devicesMax: 5, downloadDevicesMax: 2, extraMembersMax: 1 },
  premium: { id: 'premium', rank: 4, heightMax: 2160, streamsMax: 4, devicesMax: 10, downloadDevicesMax: 6, extraMembersMax: 2 },
};

export function planOf(id: PlanId): Plan {
  return PLANS[id];
}

export function isPlanId(id: string): id is PlanId {
  return PLAN_IDS.some((known) => known === id);
}
