import type { BlobStore } from '@bioscope/blob';
import { CatalogService } from '@bioscope/catalog/contract';
import { ControlService } from '@bioscope/control/contract';
import { port, unit } from '@bioscope/host';
import type { Jobs } from '@bioscope/jobs';
import type { KvStore } from '@bioscope/kv';
import type { Log } from '@bioscope/log';
import type { RpcHost } from '@bioscope/rpc';

import { StudioService } from '../contract/index.ts';
import { readConfig } from './config.ts';
import { followRemovals } from './follow-removals.ts';
import { followWorks } from './follow-works.ts';
import { importUpload } from './handlers/import-upload.ts';
import { listWork } from './handlers/list-work.ts';
import { retryWork } from './handlers/retry-work.ts';
import { toMessage, viewWork } from './handlers/view-work.ts';
import { watchWork } from './handlers/watch-work.ts';
import { runStep } from './jobs/run-step.ts';
import { serveOrigin } from './origin/serve-origin.ts';
import { QUEUE, type StudioParts } from './parts.ts';
import { workStore } from './store.ts';
import { openUploads } from './uploads/uploads.ts';

const SWEEP_EVERY_MS = 3_600_000;

/** Film in: uploads, inspection, encoding, packaging, filling. */
export const studio = unit({
  name: 'studio',
  needs: {
    kv: port<KvStore>('kv'),
    log: port<Log>('log'),
    blob: port<BlobStore>('blob'),
    jobs: port<Jobs>('jobs'),
    rpc: port<RpcHost>('rpc'),
  },
  gives: {},
  async start({ kv, log, blob, jobs, rpc }, context) {
    const config = readConfig(context.environment);
    const own = rpc.as('studio');
    const parts: StudioParts = {
      config,
      store: workStore(kv),
      uploads: await openUploads({ config, log: context.log }),
      jobs,
      blob,
      catalog: own.client(CatalogService),
      control: own.client(ControlService),
      nowMs: Date.now,
      log: context.log,
    };
    const worker = jobs.work({ queue: QUEUE, parallelMax: config.parallelMax }, runStep(parts));
    const works = followWorks(parts);
    const removals = followRemovals(parts, log);
    const sweep = setInterval(() => void sweepUploads(parts), SWEEP_EVERY_MS);
    own.serve(
      StudioService,
      {
        importUpload: async (request) => ({ work: toMessage(await viewWork(parts, await importUpload(parts, request))) }),
        watchWork: async (request, call) => ({ work: await watchWork(parts, request, call) }),
        listWork: async () => ({ work: [...(await listWork(parts))] }),
        retryWork: async ({ workId }) => ({ work: toMessage(await viewWork(parts, await retryWork(parts, workId))) }),
      },
      { '*': ['gateway'] },
    );
    own.mount('/uploads', parts.uploads.handle, ['gateway']);
    own.mount('/origin', serveOrigin(blob), ['appliance']);
    return {
      gives: {},
      async drain() {
        clearInterval(sweep);
        await Promise.all([worker.close(), works.close(), removals.close()]);
      },
    };
  },
});

async function sweepUploads({ uploads, log }: StudioParts): Promise<void> {
  try {
    const swept = await uploads.sweep();
    if (swept > 0) log.info({ swept }, 'deleted uploads that nobody imported');
  } catch (fault) {
    log.warn({ fault }, 'uploads could not be swept');
  }
}
