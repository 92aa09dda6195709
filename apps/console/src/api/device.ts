/** What identity keeps of the browser that somebody signs in with. */
export type Device = { readonly id: string; readonly name: string; readonly kind: 'browser' };

const KEY = 'bioscope:device';

/** The same for as long as the browser keeps its storage; else a new one each time. */
export function deviceOf(storage: Pick<Storage, 'getItem' | 'setItem'>, newId: () => string): Device {
  const named = (id: string): Device => ({ id, name: 'Console', kind: 'browser' });
  try {
    const kept = storage.getItem(KEY) ?? '';
    if (/^[A-Za-z0-9_-]{8,64}$/.test(kept)) return named(kept);
    const id = newId();
    storage.setItem(KEY, id);
    return named(id);
  } catch {
    // Storage is switched off.
    return named(newId());
  }
}
