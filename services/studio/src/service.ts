import { readFileSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { AccessService } from '@bioscope/access/contract';
import { operatorGuard } from '@bioscope/access/contract/operator-guard';
import type { BlobStore } from '@bioscope/blob';
import { CatalogService, parseTitleRemoved, TITLES_TOPIC } from '@bioscope/catalog/contract';
import { ControlService } from '@bioscope/control/contract';
import { serveGraph } from '@bioscope/graph';
import { port, unit } from '@bioscope/host';
import type { Unit } from '@bioscope/host';
import type { Jobs } from '@bioscope/jobs';
import type { KvStore } from '@bioscope/kv';
import type { Log } from '@bioscope/log';
import type { Passports } from '@bioscope/passport';
import { RegistryService } from '@bioscope/registry/contract';
import type { RpcHost } from '@bioscope/rpc';
import { StudioService } from '../contract/index.ts';
import { advance } from './advance.ts';
import { openBoard } from './board.ts';
import { readConfig } from './config.ts';
import { QUEUES } from './domain/step-job.ts';
import { mayWorkOnFilms, studioResolvers } from './graph.ts';
import { importUpload } from './handlers/import-upload.ts';
import { listWork } from './handlers/list-work.ts';
import { removeTitle } from './handlers/remove-title.ts';
import { retryWork } from './handlers/retry-work.ts';
import { serveOrigin } from './handlers/serve-origin.ts';
import { watchWork } from './handlers/show-work.ts';
import { runStep } from './jobs/run-step.ts';
import * as realMedia from './media/index.ts';
import type { Media, StudioParts } from './parts.ts';
import { reportProgress } from './report-progress.ts';
import { studioStore } from './store.ts';
import type { Loaded } from './store.ts';
import { operatorsOnly } from './uploads/operators-only.ts';
import { serveUploads } from './uploads/serve-uploads.ts';
import { sweepUploads } from './uploads/sweep-uploads.ts';
import { isNotThere, uploadFiles } from './uploads/upload-files.ts';
import { workFolder } from './work-folder.ts';

const NEEDS = {
  kv: port<KvStore>('kv'),
  log: port<Log>('log'),
  blob: port<BlobStore>('blob'),
  jobs: port<Jobs>('jobs'),
  rpc: port<RpcHost>('rpc'),
  passports: port<Passports>('passports'),
};

const GIVES = {};

/** Inspecting takes seconds and decides whether a person must do something: two at once, so that one large film does not hold up the next. */
const INSPECTIONS_MAX = 2;
/** Waits for disks and appliances, not for the processor. */
const DELIVERIES_MAX = 4;
const SWEEP_EVERY_MS = 10 * 60_000;
/** Finds works whose job failed without the step having said so. */
const CHECK_EVERY_MS = 30_000;

/** Uploads, inspection, encoding, packaging. */
export const studio: Unit<typeof NEEDS, typeof GIVES> = studioWith(realMedia);

/** For tests: with media functions that are listened in on. */
export function studioWith(media: Media): Unit<typeof NEEDS, typeof GIVES> {
  return unit({
    name: 'studio',
    needs: NEEDS,
    gives: GIVES,
    async start({ kv, log, blob, jobs, rpc: host, passports }, context) {
      const config = readConfig(context.environment);
      const rpc = host.as('studio');
      const parts: StudioParts = {
        config,
        store: studioStore(kv),
        files: uploadFiles(path.join(config.folder, 'uploads')),
        folderOf: (workId) => workFolder(config.folder, workId),
        blob,
        jobs,
        catalog: rpc.client(CatalogService),
        control: rpc.client(ControlService),
        media,
        board: openBoard(Date.now),
        enqueued: new Set(),
        log: context.log,
        nowMs: Date.now,
      };
      const shelf = new Map<string, Loaded>();
      const following = parts.store.follow(
        async (loaded) => {
          shelf.set(loaded.work.id, loaded);
          parts.board.touch(loaded.work.id);
          // Also what a killed process had written down and not yet enqueued.
          await advance(parts, loaded.work.id);
        },
        (fault) => context.log.warn({ err: fault }, 'following the work broke off'),
      );
      following.ended.catch((error: unknown) => context.crash(error));
      await removeStrayFolders(parts);

      const operators = operatorGuard(rpc.client(AccessService));
      rpc.serve(
        StudioService,
        {
          importUpload: operators.only('films', (request, call) => importUpload(parts, request, call)),
          watchWork: operators.only('films', (request, call) => watchWork(parts, request, call)),
          listWork: operators.only('films', () => listWork(parts, shelf)),
          retryWork: operators.only('films', ({ workId }) => retryWork(parts, workId)),
        },
        { '*': ['gateway'] },
      );
      rpc.mount('/uploads', operatorsOnly({ operators, nowMs: Date.now }, serveUploads(parts.files, config)), ['gateway']);
      rpc.mount('/origin', serveOrigin(blob), ['appliance']);
      const graph = serveGraph(rpc, {
        unit: 'studio',
        sdl: readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8'),
        resolvers: studioResolvers(parts, shelf),
        askerOf: passports.readerFor('studio'),
        loaders: ({ call }) => ({ mayWorkOnFilms: mayWorkOnFilms(operators, call) }),
        registry: rpc.client(RegistryService),
        log: context.log,
        version: config.release,
      });

      const workers = [
        jobs.work({ queue: QUEUES.inspect, parallelMax: INSPECTIONS_MAX, leaseMs: config.leaseMs }, (job, run) => runStep(parts, job, run)),
        jobs.work({ queue: QUEUES.encode, parallelMax: config.encodesMax, leaseMs: config.leaseMs }, (job, run) =>
          runStep(parts, job, run),
        ),
        jobs.work({ queue: QUEUES.deliver, parallelMax: DELIVERIES_MAX, leaseMs: config.leaseMs }, (job, run) => runStep(parts, job, run)),
      ];
      const reporting = reportProgress(parts);
      const removals = log.subscribe({ topic: TITLES_TOPIC, group: 'studio', from: 'earliest' }, async (records) => {
        for (const record of records) {
          if (record.type === 'title.removed') await removeTitle(parts, parseTitleRemoved(record.value).titleId);
        }
      });
      const sweeping = setInterval(() => void sweep(parts), SWEEP_EVERY_MS);
      const checking = setInterval(() => void checkRunning(parts, shelf), CHECK_EVERY_MS);
      await sweep(parts);

      return {
        gives: {},
        /** Running encoders are ended at once: their finished chunks are kept, and the jobs go back for the next process. */
        async drain() {
          await Promise.all(workers.map((worker) => worker.close()));
        },
        async stop() {
          await graph.close();
          clearInterval(sweeping);
          clearInterval(checking);
          reporting.close();
          await Promise.all(workers.map((worker) => worker.close()));
          await removals.close();
          await following.close();
        },
      };
    },
  });
}

async function sweep(parts: StudioParts): Promise<void> {
  const { files, config, store, nowMs, log } = parts;
  const isImported = async (id: string): Promise<boolean> => (await store.load(id)) !== null;
  try {
    const removed = await sweepUploads({ files, nowMs: nowMs(), keptMs: config.uploadKeptMs, isImported });
    if (removed.length > 0) log.info({ uploads: removed.length }, 'removed uploads that nobody went on with');
  } catch (error) {
    log.warn({ err: error }, 'could not look for abandoned uploads');
  }
}

async function checkRunning(parts: StudioParts, shelf: ReadonlyMap<string, Loaded>): Promise<void> {
  for (const { work } of shelf.values()) {
    if (work.state !== 'running') continue;
    await advance(parts, work.id, { mend: true }).catch((error: unknown) =>
      parts.log.warn({ err: error, workId: work.id }, 'could not look after a preparation'),
    );
  }
}

/** Scratch of works that are over; a step that was being aborted when its work was removed may have written after the cleaning. */
async function removeStrayFolders({ config, store, folderOf }: StudioParts): Promise<void> {
  const names = await readdir(path.join(config.folder, 'work')).catch((error: unknown) => {
    if (isNotThere(error)) return [];
    throw error;
  });
  for (const name of names) {
    const loaded = await store.load(name);
    if (loaded?.work.cleaned === true) await folderOf(name).remove();
    if (loaded === null) await rm(path.join(config.folder, 'work', name), { recursive: true, force: true });
  }
}
