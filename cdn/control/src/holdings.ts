import type { EditionPlan } from '../contract/index.ts';
import type { ControlStore } from './store.ts';

/** The editions that should be on the appliances: in memory, written through, and read again when another instance changed them. */
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
  /** Learns what other instances changed. To be called a few times a second. */
  refresh(): Promise<void>;
};

export async function openHoldings(
  store: ControlStore,
  { newId, onChange }: { readonly newId: () => string; readonly onChange: () => void },
): Promise<Holdings> {
  // First the number, so that a change in between is read twice and not never.
  let known = await store.changes();
  let held = await readAll();

  async function readAll(): Promise<Map<string, EditionPlan>> {
    return new Map((await store.editions()).map((edition) => [edition.editionId, edition]));
  }

  async function changed(): Promise<void> {
    onChange();
    const noted = await store.noteChange(newId());
    // A gap: others changed something too, which `refresh` finds.
    if (noted === known + 1) known = noted;
  }

  async function release(editionId: string): Promise<void> {
    // Deleted even when memory does not know it: an earlier attempt may have failed halfway.
    await store.deleteEdition(editionId);
    held.delete(editionId);
    await changed();
  }

  return {
    get: (editionId) => held.get(editionId),
    all: () => [...held.values()],
    size: () => held.size,
    isTitleRemoved: (titleId) => store.isTitleRemoved(titleId),
    async hold(edition) {
      await store.putEdition(edition);
      held.set(edition.editionId, edition);
      await changed();
    },
    release,
    async removeTitle(titleId, editionIds) {
      // First the mark, so that work still under way cannot bring an edition back after it was released.
      await store.markTitleRemoved(titleId);
      const ofTitle = [...held.values()].filter((edition) => edition.titleId === titleId).map((edition) => edition.editionId);
      for (const editionId of new Set([...ofTitle, ...editionIds])) await release(editionId);
    },
    async refresh() {
      const now = await store.changes();
      if (now === known) return;
      held = await readAll();
      known = now;
      onChange();
    },
  };
}
