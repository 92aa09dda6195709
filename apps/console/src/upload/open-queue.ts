import { StudioService } from '@bioscope/studio/contract';
import type { Doors } from '../api/doors.ts';
import { dropUpload, uploadFile, type UploadNeeds } from './tus-upload.ts';
import { createUploadMemory, type UploadMemory } from './upload-memory.ts';
import { createUploadQueue, type UploadQueue } from './upload-queue.ts';

export type Uploads = {
  readonly queue: UploadQueue;
  readonly memory: UploadMemory;
  readonly drop: (uploadId: string) => Promise<void>;
  /** Tells when a film has come in, until what it returns is called. */
  readonly onImported: (listener: () => void) => () => void;
};

/** The queue lives as long as the page, whatever is shown of it. */
export function openUploads(doors: Doors, window: Window & typeof globalThis): Uploads {
  const memory = createUploadMemory(window.localStorage);
  const listeners = new Set<() => void>();
  let ids = 0;
  const needs: UploadNeeds = {
    origin: doors.hosts.api,
    fetch: (url, init) => window.fetch(url, init),
    token: () => doors.session.token(),
    pause,
    nowMs: () => performance.now(),
    memory,
  };
  const queue = createUploadQueue({
    upload: (request) => uploadFile(needs, request),
    async importUpload({ uploadId, name }) {
      // The studio makes the title before it answers, with retries of its own.
      await doors.call(StudioService.method.importUpload, { uploadId, name }, { deadlineMs: 30_000 });
      memory.forget(uploadId);
    },
    async drop(file) {
      const uploadId = memory.find({ name: file.name, size: file.size, lastModified: file.lastModified });
      if (uploadId !== undefined) await dropUpload(needs, uploadId);
    },
    imported: () => {
      for (const listener of listeners) listener();
    },
    newId: () => `upload-${(ids += 1)}`,
  });
  return {
    queue,
    memory,
    drop: (uploadId) => dropUpload(needs, uploadId),
    onImported(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const gone = (): void => {
      clearTimeout(timer);
      reject(signal.reason instanceof Error ? signal.reason : new Error('cancelled'));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', gone);
      resolve();
    }, ms);
    signal.addEventListener('abort', gone, { once: true });
  });
}
