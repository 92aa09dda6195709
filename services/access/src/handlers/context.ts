import type { Logger } from '@bioscope/telemetry';

import type { AccessConfig } from '../config.ts';
import type { DecisionLog } from '../decision-log.ts';
import type { ActionName } from '../domain/fallbacks.ts';
import type { PolicyBook } from '../policy-book.ts';
import type { Devices } from '../signals/devices.ts';
import type { Entitlements } from '../signals/entitlements.ts';
import type { Households } from '../signals/households.ts';
import type { Titles } from '../signals/titles.ts';

/** What the use cases work with. */
export type AccessParts = {
  readonly book: PolicyBook;
  readonly entitlements: Entitlements;
  readonly households: Households;
  readonly devices: Devices;
  readonly titles: Titles;
  readonly decisions: DecisionLog;
  readonly config: AccessConfig;
  readonly nowMs: () => number;
  /** From 0 to 1: which grants are written down. */
  readonly chance: () => number;
  /** Counts decisions by their outcome: "granted" or a refusal. */
  readonly count: (action: ActionName, outcome: string, by?: number) => void;
  readonly log: Logger;
};
