import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from 'fast-check';

import { parseWebVtt, writeWebVtt } from './webvtt.ts';

const seed = Number(process.env['BIOSCOPE_TEST_SEED'] ?? Date.now() % 2 ** 31);
const FILM = { shiftMs: 0, durationMs: 3600_000 };

describe('WebVTT', () => {
  it('keeps the words and drops the styling', () => {
    const cues = parseWebVtt(
      'WEBVTT\n\nSTYLE\n::cue { color: red }\n\nNOTE hidden\n\n1\n00:01.000 --> 00:02.500 line:0\n<i>One</i> &amp; <c.red>two</c>\n{\\an8}three\n',
    );
    assert.deepEqual(cues, [{ startMs: 1000, endMs: 2500, text: 'One & two\nthree' }]);
  });

  it('leaves out what cannot be shown', () => {
    assert.deepEqual(parseWebVtt('00:02.000 --> 00:01.000\nback\n\n00:01.000 --> 00:02.000\n<b></b>\n\nxx --> yy\nno\n'), []);
  });

  it('moves cues to the film, cuts them at its ends, and orders them', () => {
    const cues = [
      { startMs: 5000, endMs: 9000, text: 'late' },
      { startMs: 500, endMs: 1500, text: 'early' },
      { startMs: 100, endMs: 900, text: 'gone' },
    ];
    const written = writeWebVtt(cues, { shiftMs: -1000, durationMs: 6000 });
    assert.equal(written, 'WEBVTT\n\n00:00:00.000 --> 00:00:00.500\nearly\n\n00:00:04.000 --> 00:00:06.000\nlate\n');
  });

  it('reads back what it wrote, whatever the words are', () => {
    const cue = fc.record({
      startMs: fc.nat(3_000_000),
      lasts: fc.integer({ min: 1, max: 100_000 }),
      text: fc.stringMatching(/^[a-zA-Z0-9&;.,!-]{1,40}$/),
    });
    fc.assert(
      fc.property(fc.array(cue, { maxLength: 20 }), (made) => {
        const cues = made.map(({ startMs, lasts, text }) => ({ startMs, endMs: startMs + lasts, text: text.replaceAll('-->', '') || '.' }));
        const once = parseWebVtt(writeWebVtt(cues, FILM));
        assert.equal(once.length, cues.length);
        assert.deepEqual(parseWebVtt(writeWebVtt(once, FILM)), once);
      }),
      { seed },
    );
  });
});
