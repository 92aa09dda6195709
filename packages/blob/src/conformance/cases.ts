import type { BlobStore } from '../port.ts';
import { lookupCases } from './lookup-cases.ts';
import { multipartCases } from './multipart-cases.ts';
import { writingCases } from './writing-cases.ts';

export type OpenedBlobs = {
  readonly store: BlobStore;
  /** Closes and opens the same objects again, as a restarted process would. */
  readonly reopen: () => Promise<BlobStore>;
  /** Sends a request to a presigned URL as its engine's users would; gives the status and the body of the answer. */
  readonly send: (request: { url: string; method: 'GET' | 'PUT'; body?: string }) => Promise<{ status: number; body: string }>;
  readonly close: () => Promise<void>;
};
export type BlobCase = { readonly name: string; readonly run: (opened: OpenedBlobs) => Promise<void> };

/** What every engine of the port must do. Apart from the test runner, so that a broken engine can be shown to fail. */
export const cases: readonly BlobCase[] = [...writingCases, ...lookupCases, ...multipartCases];
