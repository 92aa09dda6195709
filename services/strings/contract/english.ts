import refusals from '../texts/en/refusals.json' with { type: 'json' };
import web from '../texts/en/web.json' with { type: 'json' };
import { flattenTexts, type Texts } from './flatten.ts';
import type { Bundle } from './languages.ts';

/** The texts that Bioscope came with, in English: for servers that must say something while strings does not answer. Apps in browsers do not carry them. */
export function englishTexts(bundle: Bundle): Texts {
  switch (bundle) {
    case 'web':
      return flattenTexts(web);
    case 'refusals':
      return flattenTexts(refusals);
    default:
      return bundle satisfies never;
  }
}
