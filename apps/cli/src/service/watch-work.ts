import { setTimeout as pause } from 'node:timers/promises';
import { StudioService } from '@bioscope/studio/contract';
import type { Work } from '@bioscope/studio/contract';
import { ApiError } from './api.ts';
import type { Api } from './api.ts';

const WAIT_MS = 15_000;
/** How much longer than the wait an answer may take. */
const GRACE_MS = 5_000;
/** Without any answer. A restart of the service takes seconds. */
const SILENCE_MS_MAX = 120_000;
const RETRY_MS = 1_000;

/** Follows a work until `until` says so, telling each change. Outlives a restart of the service. */
export async function watchWork(
  api: Api,
  request: { workId: string; onChange: (work: Work) => void; until: (work: Work) => boolean; signal?: AbortSignal },
): Promise<Work> {
  let knownVersion = 0;
  let heardAtMs = performance.now();
  const signal = request.signal === undefined ? {} : { signal: request.signal };
  for (;;) {
    try {
      const { work } = await api.call(
        StudioService.method.watchWork,
        { workId: request.workId, knownVersion, waitMs: WAIT_MS },
        { deadlineMs: WAIT_MS + GRACE_MS, ...signal },
      );
      heardAtMs = performance.now();
      if (work === undefined) throw new ApiError('not_found', 'the service knows nothing of this work');
      // A service that does not hold the poll must not be asked in a tight loop.
      if (work.version === knownVersion) await pause(RETRY_MS / 4, undefined, signal);
      knownVersion = work.version;
      request.onChange(work);
      if (request.until(work)) return work;
    } catch (error) {
      if (request.signal?.aborted === true) throw error;
      const passing = error instanceof ApiError && ['unavailable', 'deadline_exceeded', 'aborted'].includes(error.code);
      if (!passing || performance.now() - heardAtMs > SILENCE_MS_MAX) throw error;
      await pause(RETRY_MS, undefined, signal);
    }
  }
}
