import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { compareOpinions, type FirstOpinion } from './agreement.ts';
import type { SecondOpinion } from './second-parser.ts';

const first: FirstOpinion = {
  shape: { codedWidth: 1920, codedHeight: 1080 },
  video: { all: 1, known: 1 },
  audio: { all: 2, known: 1 },
  declaredSeconds: 60,
  packetSeconds: 60,
  truncated: false,
};
const second: SecondOpinion = { kind: 'read', video: [{ width: 1920, height: 1088, rotation: 0 }], audioTracks: 2, durationSeconds: 60.02 };

describe('two opinions of a film', () => {
  it('agree on the same film, rows that only fill a macroblock aside', () => {
    assert.equal(compareOpinions(first, second).kind, 'agreed');
  });
  it('may differ by tracks that the second parser does not know', () => {
    assert.equal(compareOpinions(first, { ...second, audioTracks: 1 }).kind, 'agreed');
  });
  it('disagree about tracks, size and length', () => {
    for (const other of [
      { ...second, video: [] },
      { ...second, audioTracks: 0 },
      { ...second, audioTracks: 3 },
      { ...second, video: [{ width: 1280, height: 720, rotation: 0 }] },
      { ...second, durationSeconds: 10 },
    ])
      assert.equal(compareOpinions(first, other).kind, 'disagreed');
  });
  it('let a damaged film pass that only one parser can read, and refuse a whole one', () => {
    const silent: SecondOpinion = { kind: 'unreadable', because: 'it gave up' };
    assert.equal(compareOpinions({ ...first, truncated: true }, silent).kind, 'silent');
    assert.equal(compareOpinions(first, silent).kind, 'disagreed');
    assert.equal(compareOpinions(first, { kind: 'unknown_container' }).kind, 'silent');
  });
});
