/** Literal stretches between the stars: `a*b` is ['a', 'b'], `*` is ['', '']. A single stretch has no star. */
export type Pattern = readonly string[];

export function isLike(text: string, pattern: Pattern): boolean {
  const first = pattern[0] ?? '';
  if (pattern.length === 1) return text === first;
  const last = pattern.at(-1) ?? '';
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  let from = first.length;
  const end = text.length - last.length;
  for (let index = 1; index < pattern.length - 1; index += 1) {
    const stretch = pattern[index] ?? '';
    const found = text.indexOf(stretch, from);
    if (found === -1 || found + stretch.length > end) return false;
    from = found + stretch.length;
  }
  return true;
}
