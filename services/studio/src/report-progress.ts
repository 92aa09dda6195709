import { preparedShare } from './domain/work-view.ts';
import type { StudioParts } from './parts.ts';

const REPORT_EVERY_MS = 1_000;
const STEP_MIN = 0.005;

/** Tells the catalogue how far each film is, at most once a second each. Lost reports are no harm: the next one tells more. */
export function reportProgress(parts: Pick<StudioParts, 'board' | 'store' | 'catalog' | 'log'>): { close(): void } {
  const changed = new Set<string>();
  const told = new Map<string, number>();
  parts.board.onNews((workId) => changed.add(workId));
  const timer = setInterval(() => {
    for (const workId of changed) {
      changed.delete(workId);
      report(workId).catch((error: unknown) => parts.log.debug({ err: error, workId }, 'the catalogue was not told how far a film is'));
    }
  }, REPORT_EVERY_MS);
  return { close: () => clearInterval(timer) };

  async function report(workId: string): Promise<void> {
    const loaded = await parts.store.load(workId);
    if (loaded?.work.state !== 'running') return void told.delete(workId);
    const prepared = preparedShare(loaded.work, (jobId) => parts.board.live(jobId));
    if (Math.abs(prepared - (told.get(workId) ?? 0)) < STEP_MIN) return;
    told.set(workId, prepared);
    await parts.catalog.reportPreparation({ titleId: workId, prepared }, { deadlineMs: REPORT_EVERY_MS });
  }
}
