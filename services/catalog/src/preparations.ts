import type { CatalogStore } from './store.ts';

/** How far each title's preparation is. A share is worth no event: it is kept beside the title, coarsely, and told anew by the studio. */
export type Preparations = {
  /** 0 when nothing was reported. */
  share(titleId: string): number;
  report(titleId: string, share: number): Promise<void>;
  forget(titleId: string): Promise<void>;
};

/** A bar moves visibly by a hundredth; writing more often would only keep the disk busy. */
const STEP = 0.01;

export async function openPreparations(store: CatalogStore): Promise<Preparations> {
  const shares = new Map(await store.prepared());
  const kept = new Map(shares);
  return {
    share: (titleId) => shares.get(titleId) ?? 0,
    async report(titleId, share) {
      shares.set(titleId, share);
      if (Math.abs(share - (kept.get(titleId) ?? -1)) < STEP) return;
      kept.set(titleId, share);
      await store.keepPrepared(titleId, share);
    },
    async forget(titleId) {
      if (!shares.delete(titleId)) return;
      kept.delete(titleId);
      await store.forgetPrepared(titleId);
    },
  };
}
