import type { Jobs } from '@bioscope/jobs';
import type { Logger } from '@bioscope/telemetry';

import type { MailConfig } from './config.ts';
import type { MailStore } from './store.ts';
import type { Transport } from './transport.ts';

/** What the use cases work with. */
export type MailParts = {
  readonly config: MailConfig;
  readonly store: MailStore;
  readonly jobs: Jobs;
  readonly transport: Transport;
  readonly nowMs: () => number;
  readonly log: Logger;
};
