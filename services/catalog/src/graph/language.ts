/** The most liked language of an `accept-language` header (RFC 9110, 12.5.4) as BCP 47; empty when it names none. */
export function languageOf(header: string | undefined): string {
  const ranges = (header ?? '').slice(0, HEADER_CHARACTERS_MAX).split(',').map(rangeOf);
  const liked = ranges.filter(({ tag, quality }) => TAG.test(tag) && quality > 0);
  return liked.reduce((best, range) => (range.quality > best.quality ? range : best), { tag: '', quality: 0 }).tag;
}

const HEADER_CHARACTERS_MAX = 400;
const TAG = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3}$/;

function rangeOf(text: string): { readonly tag: string; readonly quality: number } {
  const [tag = '', ...parameters] = text.split(';').map((part) => part.trim());
  const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  return { tag, quality: quality === undefined ? 1 : Number(quality) || 0 };
}
