import type { PlansConfig } from '../config.ts';
import type { PriceList } from '../price-list.ts';
import type { PricesStore } from '../store.ts';

/** What the handlers of plans work with. */
export type PlansParts = {
  readonly store: PricesStore;
  readonly prices: PriceList;
  readonly config: PlansConfig;
  readonly nowMs: () => number;
};
