import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUNDLES, englishTexts } from '../contract/index.ts';
import { renderKeys } from './domain/render-keys.ts';

/** `npm run keys -w @bioscope/strings`: after a text was added, removed or given another placeholder. */
if (import.meta.main)
  writeFileSync(
    join(import.meta.dirname, '../contract/keys.ts'),
    renderKeys(new Map(BUNDLES.map((bundle) => [bundle, englishTexts(bundle)]))),
  );
