import { TEMPLATES, type TemplateId } from '../../contract/index.ts';
import { ARABIC } from './texts/arabic.ts';
import { ENGLISH } from './texts/english.ts';
import { GERMAN } from './texts/german.ts';
import { HINDI } from './texts/hindi.ts';
import { SPANISH } from './texts/spanish.ts';
import type { Values } from './values.ts';
import type { Texts } from './wording.ts';

export type Rendered = { readonly subject: string; readonly text: string; readonly html: string; readonly language: string };

const LANGUAGES: Readonly<Record<string, Texts>> = { en: ENGLISH, de: GERMAN, es: SPANISH, hi: HINDI, ar: ARABIC };
const RIGHT_TO_LEFT: ReadonlySet<string> = new Set(['ar']);

export function isTemplate(id: string): id is TemplateId {
  return Object.hasOwn(TEMPLATES, id);
}

/** The language a message in `wanted` (BCP 47) is written in: the same primary language, else English. */
export function writtenIn(wanted: string): string {
  const primary = wanted.split('-', 1)[0]?.toLowerCase() ?? '';
  return Object.hasOwn(LANGUAGES, primary) ? primary : 'en';
}

/** A message as text and as HTML. `values` must have passed `readValues`. */
export function render(message: { template: TemplateId; language: string; values: Values; service: string }): Rendered {
  const language = writtenIn(message.language);
  const texts = LANGUAGES[language] ?? ENGLISH;
  const { subject, paragraphs, button } = texts[message.template];
  const values: Values = { ...message.values, service: message.service };
  const fill = (text: string): string => text.replaceAll(/\{([a-z]+)\}/g, (whole, name: string) => values[name] ?? whole);
  const filled = paragraphs.map(fill);
  const footer = fill(texts.footer);
  const link = button === undefined ? undefined : values['link'];
  return {
    language,
    subject: fill(subject),
    text: `${[...filled, ...(link === undefined ? [] : [`${button}: ${link}`]), `-- \n${footer}`].join('\n\n')}\n`,
    html: asHtml({ language, paragraphs: filled, footer, ...(link === undefined ? {} : { link: { label: button ?? '', address: link } }) }),
  };
}

function asHtml(page: {
  language: string;
  paragraphs: readonly string[];
  footer: string;
  link?: { readonly label: string; readonly address: string };
}): string {
  const direction = RIGHT_TO_LEFT.has(page.language) ? 'rtl' : 'ltr';
  const paragraphs = page.paragraphs.map((text) => `<p>${escaped(text)}</p>`);
  // The address also as text: some mail programs show no buttons, and people look where a link leads.
  const link =
    page.link === undefined
      ? []
      : [
          `<p><a href="${escaped(page.link.address)}">${escaped(page.link.label)}</a></p>`,
          `<p dir="ltr">${escaped(page.link.address)}</p>`,
        ];
  return [
    `<!doctype html><html lang="${page.language}" dir="${direction}"><head><meta charset="utf-8"></head><body>`,
    ...paragraphs,
    ...link,
    `<hr><p><small>${escaped(page.footer)}</small></p></body></html>`,
  ].join('\n');
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
