import type { Bundle } from '@bioscope/strings/contract';
import type { LanguageTexts } from '../texts.ts';

/** What the server put into the page: its texts, and under which versions there are others. */
export type PageTexts = LanguageTexts & { readonly versions: Readonly<Record<string, Readonly<Record<Bundle, string>>>> };

/** Throws when the page came without texts: it was not served by the web unit. */
export function readPageTexts(document: Document): PageTexts {
  const source = document.querySelector('#texts')?.textContent ?? '';
  const page: unknown = JSON.parse(source);
  if (typeof page !== 'object' || page === null || !('web' in page) || !('refusals' in page) || !('versions' in page))
    throw new TypeError('the page has no texts');
  // Written by the web unit of the same build (src/server/render-page.ts).
  return page as PageTexts;
}

/** The texts of another language, in the versions that the page knows: the browser keeps them for ever. Rejects when they cannot be had. */
export async function loadTexts(fetch: typeof globalThis.fetch, versions: PageTexts['versions'], language: string): Promise<LanguageTexts> {
  const load = async (bundle: Bundle): Promise<LanguageTexts['web']> => {
    const version = versions[language]?.[bundle] ?? '';
    const response = await fetch(`/strings/${bundle}/${language}${version === '' ? '' : `/${version}`}`, {
      signal: AbortSignal.timeout(LOAD_MS_MAX),
    });
    if (!response.ok) throw new Error(`the texts ${bundle} in ${language} were answered with ${response.status}`);
    return (await response.json()) as LanguageTexts['web'];
  };
  const [web, refusals] = await Promise.all([load('web'), load('refusals')]);
  return { language, web, refusals };
}

/** Before the first page is drawn, somebody waits for this. */
const LOAD_MS_MAX = 4_000;
