import { callErrorOf } from '../api/call-error.ts';
import type { UploadOutcome } from './tus-upload.ts';

export type UploadItem = {
  readonly id: string;
  readonly fileName: string;
  readonly totalBytes: number;
  readonly sentBytes: number;
  readonly state: UploadState;
  /** Why it was refused or failed. */
  readonly message: string;
};
/** `importing`: all bytes are there, the studio is told. Done uploads leave the queue. */
export type UploadState = 'waiting' | 'sending' | 'importing' | 'refused' | 'broke_off';

/** Films on their way in, a few at once, the others in the order in which they came. */
export type UploadQueue = {
  readonly items: () => readonly UploadItem[];
  readonly subscribe: (changed: () => void) => () => void;
  readonly add: (files: readonly File[]) => void;
  /** Goes on where it stands. */
  readonly again: (id: string) => void;
  /** Ends it, here and at the service. */
  readonly cancel: (id: string) => void;
};

export type UploadQueueNeeds = {
  readonly upload: (request: { file: File; onProgress: (sentBytes: number) => void; signal: AbortSignal }) => Promise<UploadOutcome>;
  /** Idempotent by uploadId. Rejects with `CallError`. */
  readonly importUpload: (film: { uploadId: string; name: string }) => Promise<void>;
  readonly drop: (file: File) => Promise<void>;
  readonly imported: () => void;
  readonly newId: () => string;
};

/** One line to the service is filled by one upload already; a second hides the pauses between the parts of the first. */
export const UPLOADS_AT_ONCE = 2;

type Entry = { item: UploadItem; readonly file: File; leaving: AbortController };

export function createUploadQueue(needs: UploadQueueNeeds): UploadQueue {
  let entries: readonly Entry[] = [];
  let items: readonly UploadItem[] = [];
  const listeners = new Set<() => void>();

  function changed(): void {
    items = entries.map(({ item }) => item);
    for (const listener of listeners) listener();
  }

  function become(entry: Entry, change: Partial<UploadItem>): void {
    entry.item = { ...entry.item, ...change };
    changed();
  }

  function startWaiting(): void {
    const busy = entries.filter(({ item }) => item.state === 'sending' || item.state === 'importing').length;
    const waiting = entries.filter(({ item }) => item.state === 'waiting');
    for (const entry of waiting.slice(0, UPLOADS_AT_ONCE - busy)) void run(entry);
  }

  async function run(entry: Entry): Promise<void> {
    const { signal } = entry.leaving;
    become(entry, { state: 'sending', message: '' });
    try {
      const outcome = await needs.upload({ file: entry.file, signal, onProgress: (sentBytes) => become(entry, { sentBytes }) });
      if (outcome.kind === 'uploaded') {
        become(entry, { state: 'importing' });
        await needs.importUpload({ uploadId: outcome.uploadId, name: filmNameOf(entry.file.name) });
        entries = entries.filter((each) => each !== entry);
        needs.imported();
        changed();
      } else become(entry, { state: outcome.kind, message: outcome.message });
    } catch (cause) {
      // Whoever cancelled has taken it off the list.
      if (!signal.aborted) become(entry, { state: 'broke_off', message: callErrorOf(cause).message });
    }
    startWaiting();
  }

  return {
    items: () => items,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    add(files) {
      const added = files.map((file): Entry => {
        const item = {
          id: needs.newId(),
          fileName: file.name,
          totalBytes: file.size,
          sentBytes: 0,
          state: 'waiting',
          message: '',
        } as const;
        return { item, file, leaving: new AbortController() };
      });
      entries = [...entries, ...added];
      changed();
      startWaiting();
    },
    again(id) {
      const entry = entries.find(({ item }) => item.id === id);
      if (entry === undefined || (entry.item.state !== 'broke_off' && entry.item.state !== 'refused')) return;
      become(entry, { state: 'waiting', message: '' });
      startWaiting();
    },
    cancel(id) {
      const entry = entries.find(({ item }) => item.id === id);
      // Once it is being imported it is a film: removing that is another command.
      if (entry === undefined || entry.item.state === 'importing') return;
      entry.leaving.abort();
      entries = entries.filter((each) => each !== entry);
      changed();
      void needs.drop(entry.file);
    },
  };
}

const NAME_CHARS_MAX = 200;

/** "My_first.film.2024.mkv" → "My first film 2024": a beginning; the film's page is where it gets its real name. */
export function filmNameOf(fileName: string): string {
  const stem = fileName.replace(/\.[A-Za-z0-9]{1,5}$/, '');
  const words = stem.replace(/[._]+/g, ' ').replace(/\s+/g, ' ').trim();
  return words.slice(0, NAME_CHARS_MAX) || 'Untitled';
}
