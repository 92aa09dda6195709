import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { describe, it } from 'node:test';

import { compose } from '../src/domain/compose.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

describe('the schemas of all services', () => {
  const files = globSync('{services,edge,cdn}/*/schema.graphql', { cwd: ROOT });
  const parts = new Map(files.map((file) => [basename(dirname(file)), readFileSync(join(ROOT, file), 'utf8')]));

  it('make one graph', () => {
    const composed = compose(parts);
    assert.deepEqual(composed.kind === 'refused' ? composed.reasons : [], []);
    assert(parts.size > 1, 'there are no schemas to compose');
  });

  it('would not, if one of them gave a type of another a second meaning', () => {
    const spoilt = new Map(parts).set('spoiler', 'type Query { spoiler: Title } type Title { id: Int! }');
    assert.equal(compose(spoilt).kind, 'refused');
  });
});
