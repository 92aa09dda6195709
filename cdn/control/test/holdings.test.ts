import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { create } from '@bufbuild/protobuf';
import type { KvStore } from '@bioscope/kv';
import { openKv } from '@bioscope/kv/sqlite';
import { EditionPlanSchema } from '../contract/index.ts';
import { openHoldings } from '../src/holdings.ts';
import type { Holdings } from '../src/holdings.ts';
import { openControlStore } from '../src/store.ts';

const edition = (editionId: string, titleId = 'title') => create(EditionPlanSchema, { editionId, titleId });
const idsOf = (holdings: Holdings): readonly string[] => holdings.all().map(({ editionId }) => editionId);

describe('what two instances of control hold', () => {
  let folder = '';
  let kv: KvStore;
  let changes = 0;
  const instance = (onChange = (): void => undefined): Promise<Holdings> =>
    openHoldings(openControlStore(kv), { newId: randomUUID, onChange });

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bioscope-holdings-'));
    kv = await openKv({ folder });
  });
  after(async () => {
    await kv.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('is the same after a look, whoever was told, and a look that finds nothing new changes nothing', async () => {
    const [one, other] = [await instance(), await instance(() => (changes += 1))];
    await one.hold(edition('first'));
    await one.hold(edition('second'));
    await other.hold(edition('third'));
    assert.deepEqual(idsOf(other), ['third']);
    for (const each of [one, other]) await each.refresh();
    assert.deepEqual(idsOf(one).toSorted(), ['first', 'second', 'third']);
    assert.deepEqual(idsOf(other).toSorted(), ['first', 'second', 'third']);
    const before = changes;
    await other.refresh();
    assert.equal(changes, before);

    await one.removeTitle('title', []);
    await other.refresh();
    assert.deepEqual(idsOf(other), []);
    assert.equal(changes, before + 1);
  });

  it('counts every change, however many instances change something in the same instant', async () => {
    const instances = await Promise.all(Array.from({ length: 6 }, () => instance()));
    await Promise.all(instances.map((each, index) => each.hold(edition(`at-once-${index}`, 'another title'))));
    for (const each of instances) {
      await each.refresh();
      assert.equal(idsOf(each).length, 6);
    }
  });
});
