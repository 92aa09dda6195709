const KEY = 'bioscope.viewer';
const FORM = /^[A-Za-z0-9_-]{16,64}$/;

type Storage = { getItem(key: string): string | null; setItem(key: string, value: string): void };

/**
 * Who watches where the service has no accounts: a random id that this browser keeps. It is what bookmarks hang on.
 * Without storage (private windows of some browsers) a viewer lives as long as the page.
 */
export function viewerIdOf(storage: Storage, newId: () => string): string {
  try {
    const kept = storage.getItem(KEY);
    if (kept !== null && FORM.test(kept)) return kept;
    const fresh = newId();
    storage.setItem(KEY, fresh);
    return fresh;
  } catch {
    // Storage may be forbidden altogether; nothing is lost but the bookmark of the next visit.
    return newId();
  }
}
