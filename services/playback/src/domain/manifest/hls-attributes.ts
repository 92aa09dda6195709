/** One line of a playlist with an attribute list (RFC 8216, 4.2). Attributes that are undefined are left out. */
export function tag(name: string, attributes: Readonly<Record<string, string | undefined>>): string {
  const list = Object.entries(attributes).flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${value}`]));
  return `#${name}:${list.join(',')}`;
}

/** A quoted string cannot hold a double quote or a line break, and has no escape for them. */
export function quoted(text: string): string {
  return `"${text.toWellFormed().replaceAll('"', '\u2019').replaceAll(NOT_IN_A_LINE, ' ')}"`;
}

// oxlint-disable-next-line no-control-regex -- finding them is the purpose
const NOT_IN_A_LINE = /[\u0000-\u001f\u007f\u2028\u2029]+/g;
