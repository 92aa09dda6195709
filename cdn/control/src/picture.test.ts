import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { create } from '@bufbuild/protobuf';
import { ApplianceSchema, type Appliance } from '../contract/index.ts';
import { APPLIANCES_MAX, newPicture } from './picture.ts';

const appliance = (
  change: Partial<Pick<Appliance, 'id' | 'healthy' | 'troubles' | 'load' | 'diskFreeBytes' | 'editions' | 'fillingBytes'>> = {},
): Appliance => create(ApplianceSchema, { id: 'a1', baseUrl: 'http://127.0.0.2:1', healthy: true, ...change });

function pictureAt(startMs: number): { clock: { nowMs: number }; picture: ReturnType<typeof newPicture> } {
  const clock = { nowMs: startMs };
  return { clock, picture: newPicture(() => clock.nowMs) };
}

describe('the picture of all appliances', () => {
  it('says that an appliance is silent after three seconds, for how long, and forgets that when it is back', () => {
    const { clock, picture } = pictureAt(1_000_000);
    picture.report(appliance({ troubles: ['disk full'] }));
    clock.nowMs += 2_999;
    picture.tick();
    assert.equal(picture.appliances()[0]?.healthy, true);
    const before = picture.version;
    clock.nowMs += 1_001;
    picture.tick();
    const [silent] = picture.appliances();
    assert.equal(silent?.healthy, false);
    assert.deepEqual(silent?.troubles, ['silent for 4 s', 'disk full']);
    assert(picture.version > before);
    picture.report(appliance());
    assert.deepEqual(
      picture.appliances().map(({ healthy, troubles }) => ({ healthy, troubles })),
      [{ healthy: true, troubles: [] }],
    );
  });

  it('is a new version when something matters, and not for a breath of load', () => {
    const { clock, picture } = pictureAt(1_000_000);
    picture.report(appliance({ load: 0.5 }));
    const first = picture.version;
    clock.nowMs += 1_000;
    picture.report(appliance({ load: 0.51, diskFreeBytes: 5 }));
    assert.equal(picture.version, first);
    for (const change of [{ load: 0.7 }, { editions: ['e1'] }, { healthy: false }, { fillingBytes: { e2: 5 } }]) {
      const before = picture.version;
      picture.report(appliance(change));
      assert(picture.version > before, JSON.stringify(change));
    }
  });

  it('has greater versions than an earlier process had', () => {
    const { clock, picture } = pictureAt(1_000_000);
    for (let change = 0; change < 100; change++) picture.touch();
    clock.nowMs += 1;
    assert(newPicture(() => clock.nowMs).version > picture.version);
  });

  it('wakes who waits, and nobody else later', async () => {
    const { picture } = pictureAt(1_000_000);
    const woken = picture.changed(60_000);
    picture.report(appliance());
    await woken;
    await picture.changed(0);
    const gaveUp = new AbortController();
    const waiting = picture.changed(60_000, gaveUp.signal);
    gaveUp.abort();
    await waiting;
  });

  it('forgets an appliance that was silent for a day, and takes no more than it has room for', () => {
    const { clock, picture } = pictureAt(1_000_000);
    for (let index = 0; index < APPLIANCES_MAX; index++) assert.equal(picture.report(appliance({ id: `a${index}` })), true);
    assert.equal(picture.report(appliance({ id: 'one-more' })), false);
    clock.nowMs += 24 * 3_600_000;
    picture.tick();
    assert.deepEqual(picture.appliances(), []);
    assert.equal(picture.report(appliance({ id: 'one-more' })), true);
  });
});
