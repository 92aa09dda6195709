import type { BlobStore } from '@bioscope/blob';
import type { CatalogService } from '@bioscope/catalog/contract';
import type { ControlService } from '@bioscope/control/contract';
import type { Jobs } from '@bioscope/jobs';
import type { Client } from '@bioscope/rpc';
import type { Logger } from '@bioscope/telemetry';

import type { StudioConfig } from './config.ts';
import type { WorkStore } from './store.ts';
import type { Uploads } from './uploads/uploads.ts';

/** What handlers and jobs of the studio work with. */
export type StudioParts = {
  readonly config: StudioConfig;
  readonly store: WorkStore;
  readonly uploads: Uploads;
  readonly jobs: Jobs;
  readonly blob: BlobStore;
  readonly catalog: Client<typeof CatalogService>;
  readonly control: Client<typeof ControlService>;
  readonly nowMs: () => number;
  readonly log: Logger;
};

/** The one queue of the studio's jobs. */
export const QUEUE = 'studio';

export function sourceKey(workId: string): string {
  return `sources/${workId}/film`;
}

export function editionKey(editionId: string, file: string): string {
  return `editions/${editionId}/${file}`;
}
