import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { create } from '@bufbuild/protobuf';
import { EditionPlanSchema, type EditionPlan } from '../../contract/index.ts';
import { bytesOf, FILES_PER_EDITION_MAX, isSameEdition, problemWithEdition } from './edition.ts';

const FILE = { name: '240p.mp4', bytes: 1_000, sha256: 'a'.repeat(64) };
const edition = (change: Partial<{ editionId: string; titleId: string; files: (typeof FILE)[] }> = {}): EditionPlan =>
  create(EditionPlanSchema, { editionId: 'e1', titleId: 't1', files: [FILE, { ...FILE, name: 'en.vtt', bytes: 20 }], ...change });

describe('an edition to be held', () => {
  it('is taken when all its names, sizes and checksums are sound', () => {
    assert.equal(problemWithEdition(edition()), null);
    assert.equal(bytesOf(edition()), 1_020);
  });

  const faults: [string, EditionPlan | undefined, RegExp][] = [
    ['nothing', undefined, /^edition: missing/],
    ['an id that could be a path', edition({ editionId: '../x' }), /^edition\.edition_id: "\.\.\/x"/],
    ['no title', edition({ titleId: '' }), /^edition\.title_id/],
    ['no files', edition({ files: [] }), /^edition\.files: empty/],
    ['a name with a slash', edition({ files: [{ ...FILE, name: 'a/b' }] }), /^edition\.files\[0\]\.name/],
    ['a hidden name', edition({ files: [FILE, { ...FILE, name: '.b' }] }), /^edition\.files\[1\]\.name/],
    ['a name twice', edition({ files: [FILE, FILE] }), /^edition\.files\[1\]\.name: .* twice/],
    ['an empty file', edition({ files: [{ ...FILE, bytes: 0 }] }), /^edition\.files\[0\]\.bytes: 0/],
    ['half a byte', edition({ files: [{ ...FILE, bytes: 1.5 }] }), /^edition\.files\[0\]\.bytes: 1\.5/],
    ['a checksum in capitals', edition({ files: [{ ...FILE, sha256: 'A'.repeat(64) }] }), /^edition\.files\[0\]\.sha256/],
    [
      'more files than any ladder has',
      edition({ files: Array.from({ length: FILES_PER_EDITION_MAX + 1 }, (_, index) => ({ ...FILE, name: `${index}.mp4` })) }),
      /^edition\.files: 501 files/,
    ],
  ];
  for (const [name, given, message] of faults) {
    it(`is refused with the reason when it has ${name}`, () => assert.match(problemWithEdition(given) ?? '', message));
  }

  it('is the same edition with its files in another order, and another one when a checksum differs', () => {
    const { files } = edition();
    assert.equal(isSameEdition(edition(), edition({ files: files.toReversed() })), true);
    assert.equal(isSameEdition(edition(), edition({ files: files.map((file) => ({ ...file, sha256: 'b'.repeat(64) })) })), false);
    assert.equal(isSameEdition(edition(), edition({ titleId: 't2' })), false);
  });
});
