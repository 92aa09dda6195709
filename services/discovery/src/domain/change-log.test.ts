import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { describe, it } from 'node:test';
import { createChangeLog } from './change-log.ts';

describe('the log of changes', () => {
  it('says what changed and left since a version, each once', () => {
    const log = createChangeLog();
    log.changed('a');
    const seen = log.version();
    log.changed('b');
    log.changed('b');
    log.gone('a');
    assert.deepEqual(log.since(seen), { changed: ['b'], gone: ['a'] });
    log.changed('a');
    assert.deepEqual(log.since(seen)?.gone, [], 'it is back');
    assert.deepEqual(log.since(log.version()), { changed: [], gone: [] });
  });

  it('tells slight changes with the next flush, and not those of who has left', () => {
    const log = createChangeLog();
    for (const key of ['a', 'b', 'c']) log.changed(key);
    const seen = log.version();
    log.changedSlightly('a');
    log.changedSlightly('b');
    assert.equal(log.version(), seen);
    log.gone('b');
    log.flush();
    assert.deepEqual(log.since(seen), { changed: ['a'], gone: ['b'] });
  });

  it('has everything told to whoever comes from another run, or from long ago', () => {
    const log = createChangeLog();
    const start = log.version();
    assert.equal(log.since(0), undefined);
    assert.equal(log.since(start + 1), undefined);
    assert.equal(log.since(Number.NaN), undefined);
    for (let n = 0; n < 5_000; n += 1) {
      log.changed(`k${n}`);
      log.gone(`k${n}`);
    }
    assert.equal(log.since(start), undefined);
    assert.notEqual(log.since(log.version() - 100), undefined);
  });

  it('leads whoever follows it, with whatever pauses, to the same keys', () => {
    for (let run = 0; run < 100; run += 1) {
      const log = createChangeLog();
      const truth = new Set<string>();
      const followed = new Set<string>();
      let seen = log.version();
      for (let step = 0; step < 200; step += 1) {
        const key = `k${randomInt(8)}`;
        if (randomInt(2) === 0) truth.add(key);
        else truth.delete(key);
        if (truth.has(key)) log.changed(key);
        else log.gone(key);
        if (randomInt(6) > 0) continue;
        const changes = log.since(seen);
        assert(changes !== undefined);
        for (const gone of changes.gone) followed.delete(gone);
        for (const changed of changes.changed) followed.add(changed);
        seen = log.version();
        assert.deepEqual([...followed].sort(), [...truth].sort());
      }
    }
  });
});
