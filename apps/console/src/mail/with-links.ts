export type TextPart = { readonly kind: 'text' | 'link'; readonly text: string; readonly at: number };

/** Cuts a message's text where http(s) addresses stand, so that they can be followed. Nothing else ever becomes a link. */
export function withLinks(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let at = 0;
  for (const found of text.matchAll(/https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)]/g)) {
    if (found.index > at) parts.push({ kind: 'text', text: text.slice(at, found.index), at });
    parts.push({ kind: 'link', text: found[0], at: found.index });
    at = found.index + found[0].length;
  }
  if (at < text.length) parts.push({ kind: 'text', text: text.slice(at), at });
  return parts;
}
