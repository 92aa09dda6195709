import type { EditionPlan } from '../contract/index.ts';
import type { ControlStore } from './store.ts';

/** The editions that should be on the appliances: read at start, written through. */
export type Holdings = {
  get(editionId: string): EditionPlan | undefined;
  all(): EditionPlan[];
  size(): number;
  isTitleRemoved(titleId: string): Promise<boolean>;
  /** Durable when it resolves. */
  hold(edition: EditionPlan): Promise<void>;
  /** Durable when it resolves; releasing what is not held does nothing. */
  release(editionId: string): Promise<void>;
  /** Releases all editions of the title, and lets none be held again. */
  removeTitle(titleId: string, editionIds: readonly string[]): Promise<void>;
};

export async function openHoldings(store: ControlStore, onChange: () => void): Promise<Holdings> {
  const held = new Map((await store.editions()).map((edition) => [edition.editionId, edition]));
  const release = async (editionId: string): Promise<void> => {
    // Deleted even when memory does not know it: an earlier attempt may have failed halfway.
    await store.deleteEdition(editionId);
    if (held.delete(editionId)) onChange();
  };
  return {
    get: (editionId) => held.get(editionId),
    all: () => [...held.values()],
    size: () => held.size,
    isTitleRemoved: (titleId) => store.isTitleRemoved(titleId),
    async hold(edition) {
      await store.putEdition(edition);
      held.set(edition.editionId, edition);
      onChange();
    },
    release,
    async removeTitle(titleId, editionIds) {
      // First the mark, so that work still under way cannot bring an edition back after it was released.
      await store.markTitleRemoved(titleId);
      const ofTitle = [...held.values()].filter((edition) => edition.titleId === titleId).map((edition) => edition.editionId);
      for (const editionId of new Set([...ofTitle, ...editionIds])) await release(editionId);
    },
  };
}
