import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { BUNDLES, flattenTexts, LANGUAGES, type Bundle, type TextTree } from '../contract/index.ts';
import type { TextsByLanguage } from './domain/texts-in-force.ts';

const FOLDER = path.join(import.meta.dirname, '../texts');

/** The texts that Bioscope came with: `texts/<language>/<bundle>.json`. */
export async function readShipped(): Promise<ReadonlyMap<Bundle, TextsByLanguage>> {
  const bundles = BUNDLES.map(async (bundle) => {
    const languages = LANGUAGES.map(async (language) => {
      const source = await readFile(path.join(FOLDER, language, `${bundle}.json`), 'utf8');
      // Part of this unit; its tests hold the form.
      return [language, flattenTexts(JSON.parse(source) as TextTree)] as const;
    });
    return [bundle, new Map(await Promise.all(languages))] as const;
  });
  return new Map(await Promise.all(bundles));
}
