/** What the web unit says of the service (src/server/config.ts). */
export type PageSettings = { readonly members: 'required' | 'none' };

/** Throws when the page came without settings: it was not served by the web unit. */
export function readSettings(document: Document): PageSettings {
  const settings: unknown = JSON.parse(document.querySelector('#settings')?.textContent ?? '');
  if (typeof settings !== 'object' || settings === null || !('members' in settings)) throw new TypeError('the page has no settings');
  return { members: settings.members === 'required' ? 'required' : 'none' };
}
