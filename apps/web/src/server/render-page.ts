import { directionOf, formatTexts, type Bundle, type Texts, type WebTexts } from '@bioscope/strings/contract';
import type { PageSettings } from './config.ts';

/** What a page needs to know of the texts of its language. */
export type PageTexts = { readonly language: string } & Readonly<Record<Bundle, Texts>>;
/** By language and bundle: the app loads another language's texts under these versions. */
export type Versions = Readonly<Record<string, Readonly<Record<Bundle, string>>>>;

/** Where `index.html` wants something of the language. */
const PLACES = ['{language}', '{direction}', '{name}', '{description}', '{needsScript}', '{texts}', '{settings}'] as const;

/** Throws when `index.html` lacks a place: the app could not say anything. */
export function checkTemplate(template: string): void {
  const missing = PLACES.filter((place) => !template.includes(place));
  if (missing.length > 0) throw new Error(`index.html of the web app has no place for ${missing.join(', ')}`);
}

/** The app's page in one language, with all its texts inside: nobody waits for them. */
export function renderPage(template: string, texts: PageTexts, versions: Versions, settings: PageSettings): string {
  const { language, web, refusals } = texts;
  const text = formatTexts<WebTexts>(web, language);
  const fillings: Readonly<Record<(typeof PLACES)[number], string>> = {
    '{language}': escapeHtml(language),
    '{direction}': directionOf(language),
    '{name}': escapeHtml(text('app.name')),
    '{description}': escapeHtml(text('app.description')),
    '{needsScript}': escapeHtml(text('app.needsScript')),
    '{texts}': jsonForScript({ language, web, refusals, versions }),
    '{settings}': jsonForScript(settings),
  };
  // In one pass: a text that looks like a place stays what it is.
  return template.replaceAll(/\{[A-Za-z]+\}/g, (place) => (isPlace(place) ? fillings[place] : place));
}

function isPlace(text: string): text is (typeof PLACES)[number] {
  return PLACES.some((place) => place === text);
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** JSON that cannot end the script element around it, whatever an operator wrote (HTML, 4.12.1.3). */
function jsonForScript(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}
