/** Texts as people write them, in groups. */
export type TextTree = { readonly [name: string]: string | TextTree };
/** Texts by key: `player.play`. */
export type Texts = Readonly<Record<string, string>>;

export function flattenTexts(tree: TextTree, prefix = ''): Texts {
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(tree)) {
    const key = `${prefix}${name}`;
    if (typeof value === 'string') texts[key] = value;
    else Object.assign(texts, flattenTexts(value, `${key}.`));
  }
  return texts;
}
