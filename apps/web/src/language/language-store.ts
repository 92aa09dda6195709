import { directionOf } from '@bioscope/strings/contract';
import { useSyncExternalStore } from 'react';
import { language, speak, type LanguageTexts } from '../texts.ts';
import { localeFor } from './locale.ts';
import { loadTexts, type PageTexts } from './page-texts.ts';

export type LanguageStore = {
  /** Those that there are, by tag. */
  readonly languages: readonly string[];
  /** Speaks another language from now on, and after coming back. Rejects, and changes nothing, when its texts cannot be had. */
  readonly change: (language: string) => Promise<void>;
  readonly subscribe: (changed: () => void) => () => void;
};

/** The parts of `window` that are used here. */
export type LanguagePlace = Pick<Window, 'localStorage'> & {
  readonly document: Pick<Document, 'documentElement'>;
  readonly navigator: Pick<Navigator, 'languages'>;
  readonly fetch: typeof globalThis.fetch;
};

const CHOSEN = 'bioscope:language';

/** Speaks the language that was chosen here before, else that of the page, and resolves then. */
export async function openLanguages(place: LanguagePlace, page: PageTexts): Promise<LanguageStore> {
  const { localStorage, document, navigator } = place;
  const listeners = new Set<() => void>();
  const languages = Object.keys(page.versions).length > 0 ? Object.keys(page.versions).sort() : [page.language];
  const load = (tag: string): Promise<LanguageTexts> | LanguageTexts =>
    tag === page.language ? page : loadTexts((...request) => place.fetch(...request), page.versions, tag);
  const use = (texts: LanguageTexts): void => {
    speak(texts, localeFor(texts.language, navigator.languages));
    document.documentElement.lang = texts.language;
    document.documentElement.dir = directionOf(texts.language);
    for (const changed of listeners) changed();
  };

  const chosen = localStorage.getItem(CHOSEN) ?? page.language;
  try {
    use(languages.includes(chosen) ? await load(chosen) : page);
  } catch {
    // Better the browser's language than none; the next visit tries again.
    use(page);
  }
  return {
    languages,
    async change(tag) {
      use(await load(tag));
      localStorage.setItem(CHOSEN, tag);
    },
    subscribe(changed) {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
  };
}

/** The language spoken now: everything that shows texts is drawn anew when it changes. */
export function useLanguage(store: LanguageStore): string {
  return useSyncExternalStore(store.subscribe, language);
}
