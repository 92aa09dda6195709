import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { readExperiments } from './read-experiments.ts';

function folderWith(test: TestContext, files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'bioscope-experiments-'));
  test.after(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

const experiment = (name: string): string =>
  `name: ${name}\nhypothesis: Nobody notices.\nsteady: { playing: { atLeast: 1 } }\nfault: { kill: { group: play } }\nseconds: 5\n`;

describe('readExperiments', () => {
  it('reads files and folders, folders in the order of their names', (test) => {
    const folder = folderWith(test, { '2.yaml': experiment('second'), '1.yml': experiment('first'), 'notes.txt': 'no experiment' });
    assert.deepEqual(
      readExperiments([folder]).map(({ name }) => name),
      ['first', 'second'],
    );
    assert.deepEqual(
      readExperiments([join(folder, '2.yaml')]).map(({ name }) => name),
      ['second'],
    );
  });

  it('complains about all files at once, about a name used twice, and about nothing at all', (test) => {
    const broken = folderWith(test, { '1.yaml': 'name: X', '2.yaml': experiment('fine').replace('seconds: 5', 'seconds: 0') });
    assert.throws(() => readExperiments([broken]), /1\.yaml:1: name: is 1 to 48.*2\.yaml:5: seconds: a number/s);
    const twice = folderWith(test, { '1.yaml': experiment('same'), '2.yaml': experiment('same') });
    assert.throws(() => readExperiments([twice]), /two experiments are named "same"/);
    assert.throws(() => readExperiments([folderWith(test, {})]), /there is no experiment/);
    assert.throws(() => readExperiments(['/no/such/place']), /there is no \/no\/such\/place/);
  });
});
