import type { GroupName, Outline } from './work.ts';

/** What can happen to a work. Stored for good: fields may be added, never given another meaning. */
export type WorkEvent =
  | { readonly type: 'imported'; readonly name: string }
  | { readonly type: 'inspected'; readonly outline: Outline }
  | { readonly type: 'stored'; readonly sha256: string }
  | { readonly type: 'chunk_encoded'; readonly group: GroupName; readonly chunk: number }
  | { readonly type: 'audio_encoded'; readonly track: string }
  | { readonly type: 'packaged'; readonly group: GroupName; readonly editionId: string }
  | { readonly type: 'published'; readonly group: GroupName; readonly editionId: string }
  | { readonly type: 'released'; readonly editionId: string }
  | { readonly type: 'refused'; readonly code: string; readonly reason: string }
  | { readonly type: 'failed'; readonly jobId: string; readonly reason: string }
  | { readonly type: 'retried' }
  | { readonly type: 'reported' }
  | { readonly type: 'removed' }
  | { readonly type: 'cleaned' };
