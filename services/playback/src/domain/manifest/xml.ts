/** Attributes that are undefined are left out. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** An XML element with escaped attributes; `children` are elements already written, or undefined for those left out. */
export function element(name: string, attributes: Attributes, children: readonly (string | undefined)[] = []): string {
  const open = `<${name}${Object.entries(attributes).map(attribute).join('')}`;
  const inside = children.filter((child) => child !== undefined);
  if (inside.length === 0) return `${open}/>`;
  return `${open}>\n${inside.map(indent).join('\n')}\n</${name}>`;
}

/** An element that holds nothing but text. */
export function textElement(name: string, attributes: Attributes, text: string): string {
  return `<${name}${Object.entries(attributes).map(attribute).join('')}>${escapeXml(text)}</${name}>`;
}

/** Characters that XML 1.0 cannot hold at all are replaced, so that one odd label never makes a manifest unreadable. */
function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(IMPOSSIBLE, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;')
    .replaceAll('\r', '&#13;')
    .replaceAll('\t', '&#9;');
}

// oxlint-disable-next-line no-control-regex -- finding them is the purpose
const IMPOSSIBLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

function attribute([name, value]: [string, string | number | undefined]): string {
  return value === undefined ? '' : ` ${name}="${escapeXml(String(value))}"`;
}

function indent(lines: string): string {
  return lines.replaceAll(/^/gm, '  ');
}
