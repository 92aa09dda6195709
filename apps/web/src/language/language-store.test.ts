import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { englishTexts } from '@bioscope/strings/contract';
import { language, locale, text } from '../texts.ts';
import { openLanguages, type LanguagePlace } from './language-store.ts';
import type { PageTexts } from './page-texts.ts';

const ARABIC = { 'player.play': 'تشغيل' };
const VERSIONS = { en: { web: 'we', refusals: 're' }, ar: { web: 'wa', refusals: 'ra' } };
const PAGE: PageTexts = { language: 'en', web: englishTexts('web'), refusals: englishTexts('refusals'), versions: VERSIONS };

function place({ chosen, online = true }: { chosen?: string; online?: boolean } = {}) {
  const stored = new Map(chosen === undefined ? [] : [['bioscope:language', chosen]]);
  const asked: string[] = [];
  const html = { lang: '', dir: '' };
  const made = {
    localStorage: {
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, value: string) => void stored.set(key, value),
    },
    document: { documentElement: html },
    navigator: { languages: ['ar-EG', 'en-GB'] },
    fetch: async (url: string) => {
      asked.push(url);
      if (!online) throw new TypeError('offline');
      return Response.json(url.startsWith('/strings/web') ? ARABIC : {});
    },
  };
  return { place: made as unknown as LanguagePlace, asked, html, stored };
}

describe('the language of the app', () => {
  it('is the page’s, without asking anybody', async () => {
    const { place: here, asked, html } = place();
    await openLanguages(here, PAGE);
    assert.deepEqual([language(), text('player.play'), html.lang, html.dir], ['en', 'Play', 'en', 'ltr']);
    assert.match(locale(), /^en-GB/);
    assert.deepEqual(asked, []);
  });

  it('can be changed, and is the chosen one at the next visit, from texts that the browser may have kept', async () => {
    const { place: here, asked, html, stored } = place();
    const store = await openLanguages(here, PAGE);
    assert.deepEqual(store.languages, ['ar', 'en']);
    let drawn = 0;
    const stop = store.subscribe(() => (drawn += 1));
    await store.change('ar');
    stop();
    assert.deepEqual([language(), text('player.play'), html.lang, html.dir, drawn], ['ar', 'تشغيل', 'ar', 'rtl', 1]);
    assert.deepEqual(asked, ['/strings/web/ar/wa', '/strings/refusals/ar/ra']);
    await openLanguages(place({ chosen: stored.get('bioscope:language') ?? '' }).place, PAGE);
    assert.equal(language(), 'ar');
    await store.change('en');
    assert.equal(text('player.play'), 'Play');
  });

  it('stays what it was when the other’s texts cannot be had', async () => {
    const { place: here, html, stored } = place({ online: false });
    const store = await openLanguages(here, PAGE);
    await assert.rejects(store.change('ar'), /offline/);
    assert.deepEqual([language(), html.dir, stored.size], ['en', 'ltr', 0]);
    await openLanguages(place({ chosen: 'ar', online: false }).place, PAGE);
    assert.equal(language(), 'en');
    await openLanguages(place({ chosen: '../../evil' }).place, PAGE);
    assert.equal(language(), 'en');
  });
});
