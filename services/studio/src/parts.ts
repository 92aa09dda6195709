import type { BlobStore } from '@bioscope/blob';
import type { CatalogService } from '@bioscope/catalog/contract';
import type { ControlService } from '@bioscope/control/contract';
import type { Jobs } from '@bioscope/jobs';
import type { Client } from '@bioscope/rpc';
import type { Logger } from '@bioscope/telemetry';
import type { Board } from './board.ts';
import type { StudioConfig } from './config.ts';
import type * as media from './media/index.ts';
import type { StudioStore } from './store.ts';
import type { UploadFiles } from './uploads/upload-files.ts';
import type { WorkFolder } from './work-folder.ts';

/** The media functions that the steps call: real ones, or ones that a test listens in on. */
export type Media = Pick<
  typeof media,
  'inspect' | 'planEncode' | 'encodeChunk' | 'encodeAudio' | 'extractText' | 'makeStoryboard' | 'makeArtwork'
>;

/** What handlers and steps work with. */
export type StudioParts = {
  readonly config: StudioConfig;
  readonly store: StudioStore;
  readonly files: UploadFiles;
  readonly folderOf: (workId: string) => WorkFolder;
  readonly blob: BlobStore;
  readonly jobs: Jobs;
  readonly catalog: Client<typeof CatalogService>;
  readonly control: Client<typeof ControlService>;
  readonly media: Media;
  readonly board: Board;
  /** Jobs that this process enqueued or saw, so that each event does not enqueue hundreds of chunks again. */
  readonly enqueued: Set<string>;
  readonly log: Logger;
  readonly nowMs: () => number;
};
