import { parseMessage, placeholdersOf, type Bundle, type Texts } from '../../contract/index.ts';

/** The source of `contract/keys.ts`: every key of every bundle with the values that its English text takes, for the compiler to hold the apps to. */
export function renderKeys(bundles: ReadonlyMap<Bundle, Texts>): string {
  return [HEAD, ...[...bundles].map(([bundle, texts]) => renderBundle(bundle, texts))].join('\n');
}

const HEAD = `// Written by \`npm run keys -w @bioscope/strings\` from texts/en. Change the texts, not this file.

type Value = string | number;
type None = null;
/** The second argument of who formats a text: none where it takes no values. */
export type TextValues<V> = V extends null ? [] : [values: V];
`;

function renderBundle(bundle: Bundle, texts: Texts): string {
  const lines = Object.entries(texts).map(([key, text]) => {
    const names = placeholdersOf(parseMessage(text));
    const values = names.length === 0 ? 'None' : `{ ${names.map((name) => `readonly ${name}: Value`).join('; ')} }`;
    return `  '${key}': ${values};`;
  });
  return `export type ${bundle.slice(0, 1).toUpperCase()}${bundle.slice(1)}Texts = {\n${lines.join('\n')}\n};\n`;
}
