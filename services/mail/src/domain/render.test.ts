import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from 'fast-check';

import { TEMPLATES, type TemplateId } from '../../contract/index.ts';
import { render, writtenIn } from './render.ts';

const TEMPLATE_IDS = Object.keys(TEMPLATES) as TemplateId[];
const LANGUAGES = ['en', 'de', 'es', 'hi', 'ar'];
const valuesOf = (template: TemplateId): Record<string, string> =>
  Object.fromEntries(TEMPLATES[template].map((name) => [name, name === 'link' ? 'https://x.example/y' : '7']));

describe('a message', () => {
  it('is complete in every language: every value is used and no placeholder stays', () => {
    for (const template of TEMPLATE_IDS)
      for (const language of LANGUAGES) {
        const values = valuesOf(template);
        const { subject, text, html } = render({ template, language, values, service: 'Kino' });
        assert.doesNotMatch(subject + text + html, /\{[a-z]+\}/, `${template} in ${language}`);
        assert.ok(subject.includes('Kino'));
        for (const [name, value] of Object.entries(values)) {
          assert.ok(text.includes(value), `${template} in ${language} does not say ${name}`);
          assert.ok(html.includes(value), `${template} in ${language} does not show ${name}`);
        }
      }
  });

  it('is written from right to left in Arabic, with the address from left to right', () => {
    const { html } = render({ template: 'verify_email', language: 'ar-EG', values: valuesOf('verify_email'), service: 'Kino' });
    assert.match(html, /<html lang="ar" dir="rtl">/);
    assert.match(html, /<p dir="ltr">https/);
  });

  it('takes the primary language, and English for those there are none in', () => {
    assert.equal(writtenIn('de-CH'), 'de');
    assert.equal(writtenIn('HI'), 'hi');
    assert.equal(writtenIn('fr'), 'en');
    assert.equal(writtenIn('constructor'), 'en');
  });

  it('never lets a value become markup, nor a second placeholder', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(...LANGUAGES), (value, language) => {
        const { html } = render({ template: 'email_changed', language, values: { email: value }, service: 'Kino' });
        const plain = render({ template: 'email_changed', language, values: { email: 'plain' }, service: 'Kino' }).html;
        const tags = (text: string): string[] => text.match(/<[^>]*>/g) ?? [];
        assert.deepEqual(tags(html), tags(plain));
      }),
      { numRuns: 300 },
    );
    assert.match(
      render({ template: 'email_changed', language: 'en', values: { email: '{service}' }, service: 'Kino' }).text,
      /\{service\}/,
    );
  });

  it('escapes the link inside the attribute', () => {
    const values = { link: 'https://x.example/?a=1&b="><script>' };
    const { html } = render({ template: 'already_member', language: 'en', values, service: 'Kino' });
    assert.match(html, /href="https:\/\/x\.example\/\?a=1&amp;b=&quot;&gt;&lt;script&gt;"/);
  });
});
