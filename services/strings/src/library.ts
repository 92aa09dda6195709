import { createHash } from 'node:crypto';

import { BUNDLES, chooseLanguage, LANGUAGES, type Bundle, type Texts } from '../contract/index.ts';
import { ownWords, textsInForce, type TextsByLanguage } from './domain/texts-in-force.ts';
import type { KeptChange, TextsStore } from './store.ts';

/** One bundle in one language, ready to be handed out. */
export type Volume = {
  readonly bundle: Bundle;
  readonly language: string;
  /** Of the content: equal versions are equal texts. */
  readonly version: string;
  readonly texts: Texts;
  /** The same as JSON. */
  readonly json: Buffer;
};

/** Every bundle in every language as it is now, in memory. */
export type Library = {
  /** The bundle in the first of these languages that there is, else in English. */
  find(bundle: Bundle, languages: readonly string[]): Volume;
  all(): readonly Volume[];
  /** The texts that came with Bioscope, which say what keys and placeholders there are. */
  english(bundle: Bundle): Texts;
  changes(bundle: Bundle): readonly KeptChange[];
  /** Takes up what was appended since, by whomever. */
  catchUp(bundle: Bundle): Promise<void>;
};

/** Reads what operators changed, and goes on from there with every `catchUp`. Rejects when the store does not answer. */
export async function openLibrary(store: Pick<TextsStore, 'readChanges'>, shipped: ReadonlyMap<Bundle, TextsByLanguage>): Promise<Library> {
  const shelves = new Map<Bundle, Shelf>();
  const catchUp = async (bundle: Bundle): Promise<void> => {
    const before = shelves.get(bundle)?.changes ?? [];
    const changes = [...before, ...(await store.readChanges(bundle, before.length))];
    // Somebody else may have caught up meanwhile, and further.
    if (changes.length < (shelves.get(bundle)?.changes.length ?? 0)) return;
    shelves.set(bundle, shelve(bundle, shipped.get(bundle) ?? new Map(), changes));
  };
  for (const bundle of BUNDLES) await catchUp(bundle);
  const shelfOf = (bundle: Bundle): Shelf => {
    const shelf = shelves.get(bundle);
    if (shelf === undefined) throw new Error(`the bundle ${bundle} was not opened`);
    return shelf;
  };
  return {
    find(bundle, languages) {
      const { volumes } = shelfOf(bundle);
      const volume = volumes.get(chooseLanguage(languages, [...volumes.keys()]));
      if (volume === undefined) throw new Error(`the bundle ${bundle} has no English texts`);
      return volume;
    },
    all: () => BUNDLES.flatMap((bundle) => [...shelfOf(bundle).volumes.values()]),
    english: (bundle) => shipped.get(bundle)?.get('en') ?? {},
    changes: (bundle) => shelfOf(bundle).changes,
    catchUp,
  };
}

type Shelf = { readonly changes: readonly KeptChange[]; readonly volumes: ReadonlyMap<string, Volume> };

function shelve(bundle: Bundle, shipped: TextsByLanguage, changes: readonly KeptChange[]): Shelf {
  const own = ownWords(changes);
  const languages = new Set<string>([...LANGUAGES, ...own.keys()]);
  const volumes = new Map<string, Volume>();
  for (const language of languages) {
    const texts = textsInForce({ shipped, own, language });
    const json = Buffer.from(JSON.stringify(texts));
    const version = createHash('sha256').update(json).digest('base64url').slice(0, VERSION_CHARACTERS);
    volumes.set(language, { bundle, language, version, texts, json });
  }
  return { changes, volumes };
}

/** 132 bits: two different texts never meet in one version. */
const VERSION_CHARACTERS = 22;
