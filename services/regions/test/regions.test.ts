import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { KvFault } from '@bioscope/kv';
import type { KvStore } from '@bioscope/kv';
import { RegionState } from '../contract/index.ts';
import { activeRun } from '../src/domain/course.ts';
import { beginEvacuation } from '../src/domain/begin-run.ts';
import { regionsStore } from '../src/store.ts';
import { watchRegions } from '../src/watch-regions.ts';
import type { Watching } from '../src/watch-regions.ts';
import { log, openStore, startRegions } from './running-regions.ts';

async function until<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T> {
  const end = performance.now() + 8_000;
  for (;;) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    assert(performance.now() < end, `in vain waited for: ${what}`);
    await sleep(20);
  }
}

describe('the regions service', () => {
  it('shows who reports, begins runs for operators only, and pushes what changes', async () => {
    await using store = await openStore();
    await using running = await startRegions(store.kv, { BIOSCOPE_REGIONS: 'a=DE,b=US:5000', BIOSCOPE_DNS_TTL_SECONDS: '7' });
    const cli = running.as('cli');
    const dns = running.as('dns');
    const evacuation = { region: 'a', reason: 'a test', by: 'ada', commandId: 'run-1' };
    await assert.rejects(cli.evacuate(evacuation), { code: 'unavailable' }, 'it has not listened long enough');
    const reporting = setInterval(() => void Promise.all([running.report('a'), running.report('b')]).catch(() => undefined), 400);
    try {
      const shown = await until('both regions', async () => {
        const picture = await dns.getPicture({});
        return picture.regions.every(({ zones }) => zones.length === 3) && picture;
      });
      assert.equal(shown.dnsTtlSeconds, 7);
      assert.deepEqual(
        shown.regions.map(({ name, country, state, weight, bridgeShare }) => [name, country, state, weight, bridgeShare]),
        [
          ['a', 'DE', RegionState.SERVING, 1, 0],
          ['b', 'US', RegionState.SERVING, 1, 0],
        ],
      );
      assert.deepEqual(
        shown.regions[1]?.zones.map(({ name, gateways }) => [name, gateways.map(({ address, healthy }) => [address, healthy])]),
        ['1', '2', '3'].map((zone) => [zone, [[`127.2.${zone}.1:8080`, true]]]),
      );
      assert.equal(shown.regions[1]?.capacityPerSecond, 5_000, 'the operator’s word beats the gateways’');

      await assert.rejects(dns.evacuate(evacuation), { code: 'permission_denied' });
      await assert.rejects(cli.evacuate({ ...evacuation, by: '' }), { code: 'invalid_argument', message: /^by: / });
      const begun = await until('the first run', async () => {
        const { outcome } = await cli.evacuate(evacuation).catch(() => ({ outcome: undefined }));
        return outcome?.case === 'started' && outcome.value;
      });
      assert.partialDeepStrictEqual(begun, { id: 'run-1', kind: 'evacuate', region: 'a', by: 'ada', bridgeTo: ['b'], outcome: '' });
      const again = await cli.evacuate(evacuation);
      assert.equal(again.outcome.case === 'started' && again.outcome.value.startedAtMs, begun.startedAtMs);
      assert.equal((await cli.listRuns({})).runs.length, 1);
      const other = await cli.evacuate({ ...evacuation, region: 'b', commandId: 'run-2' });
      assert.equal(other.outcome.case === 'refused' && other.outcome.value.code, 'another_run');

      const bridged = await until('the bridge', async () => {
        const picture = await dns.getPicture({ knownVersion: shown.version, waitMs: 5_000 }, { deadlineMs: 6_000 });
        const [a] = picture.regions;
        return a !== undefined && a.bridgeShare > 0 && a;
      });
      assert.partialDeepStrictEqual(bridged, { state: RegionState.EVACUATING, weight: 1, bridgeTo: ['b'] });
      const { run } = await cli.getRun({ id: 'run-1' });
      assert.deepEqual(
        run?.steps.slice(0, 2).map(({ kind }) => kind),
        ['checked', 'bridge'],
      );
      await assert.rejects(cli.getRun({ id: 'nothing' }), { code: 'not_found' });
    } finally {
      clearInterval(reporting);
    }
  });

  it('refuses reports that say nothing or come from strangers', async () => {
    await using store = await openStore();
    await using running = await startRegions(store.kv);
    const report = { region: 'a', zone: '1', address: '127.1.1.1:80', overMs: 1_000 };
    await assert.rejects(running.as('dns').reportHealth(report), { code: 'permission_denied' });
    const gateway = running.as('gateway');
    for (const [wrong, names] of [
      [{ address: 'gateway.example:80' }, /^address: /],
      [{ region: 'A!' }, /^region: /],
      [{ overMs: 0 }, /^over_ms: /],
      [{ errors: -1 }, /^errors: /],
      [{ bridged: Number.NaN }, /^bridged: /],
    ] as const)
      await assert.rejects(gateway.reportHealth({ ...report, ...wrong }), { code: 'invalid_argument', message: names });
  });
});

/** Watches on a clock that the test moves. The gateways of both regions report at every look, 300 requests a second each. */
function watchOn(kv: KvStore, clock: { ms: number }): { watching: Watching; look(ms: number): Promise<void> } {
  const store = regionsStore(kv);
  const rules = { named: ['a', 'b'], capacities: new Map(), pace: { holdMs: 3_000, dnsTtlMs: 30_000 } };
  const watching = watchRegions({ store, rules, countries: new Map(), log, nowMs: () => clock.ms, newId: () => `auto-${clock.ms}` });
  return {
    watching,
    async look(ms) {
      clock.ms += ms;
      const { course } = await store.readCourse();
      const isDrained = course.directed.get('a')?.weight === 0;
      for (const region of ['a', 'b']) {
        const requests = region === 'a' && isDrained ? 0 : 300;
        const counts = { requests, bridged: 0, errors: 0, takenOver: 0, starts: 0, startFailures: 0, capacityPerSecond: 1_000 };
        await store.putReport({
          region,
          zone: '1',
          address: `127.0.0.1:${region === 'a' ? 1 : 2}`,
          atMs: clock.ms,
          overMs: 1_000,
          load: 0.1,
          draining: false,
          ...counts,
        });
      }
      await watching.lookNow();
    },
  };
}

describe('a run', () => {
  it('goes on from where it is when the process dies after every step', async () => {
    await using opened = await openStore();
    const store = regionsStore(opened.kv);
    const clock = { ms: Date.now() };
    let life = watchOn(opened.kv, clock);
    for (let n = 0; n < 5; n += 1) await life.look(1_000);
    const outlook = life.watching.outlook();
    assert(outlook !== null);
    const begun = beginEvacuation(outlook, { id: 'r', region: 'a', reason: '', by: 'test', force: false });
    assert(begun.kind === 'begun');
    let { version } = await store.readCourse();
    await store.append({ expectedVersion: version, events: begun.events, commandId: 'begin' });
    let lives = 1;
    for (let looks = 0; looks < 300; looks += 1) {
      const kept = await store.readCourse();
      if (activeRun(kept.course) === undefined) break;
      if (kept.version > version) {
        // A step was taken: this process ends here, and another begins without its memory.
        ({ version } = kept);
        lives += 1;
        await life.watching.stop();
        life = watchOn(opened.kv, clock);
      }
      await life.look(1_000);
    }
    await life.watching.stop();
    const { course } = await store.readCourse();
    assert.deepEqual(
      course.runs[0]?.steps.map(({ kind }) => kind),
      ['checked', 'bridge', 'bridge', 'bridge', 'bridge', 'dns', 'drained', 'verified'],
    );
    assert.equal(course.runs[0]?.ended?.outcome, 'done');
    assert(lives >= 8, `${lives} lives`);
  });

  it('is led by two instances at once without any step taken twice', async () => {
    await using opened = await openStore();
    const store = regionsStore(opened.kv);
    const clock = { ms: Date.now() };
    const one = watchOn(opened.kv, clock);
    const two = watchOn(opened.kv, clock);
    for (let n = 0; n < 5; n += 1) await Promise.all([one.look(500), two.look(500)]);
    const outlook = one.watching.outlook();
    assert(outlook !== null);
    const begun = beginEvacuation(outlook, { id: 'r', region: 'a', reason: '', by: 'test', force: false });
    assert(begun.kind === 'begun');
    await store.append({ expectedVersion: 0, events: begun.events, commandId: 'begin' });
    for (let n = 0; n < 60; n += 1) await Promise.all([one.look(500), two.look(500)]);
    await Promise.all([one.watching.stop(), two.watching.stop()]);
    const { course } = await store.readCourse();
    assert.deepEqual(course.runs[0]?.steps.map(({ kind }) => kind).slice(0, 6), ['checked', 'bridge', 'bridge', 'bridge', 'bridge', 'dns']);
    assert.equal(one.watching.picture()?.version, two.watching.picture()?.version);
  });

  it('shows nothing that nobody can know, while the store is gone, and goes on afterwards', async () => {
    await using opened = await openStore();
    let isDown = false;
    const gone = (): never => {
      throw new KvFault('KV_UNAVAILABLE', 'gone');
    };
    const { streams } = opened.kv;
    const kv: KvStore = {
      ...opened.kv,
      streams: {
        ...streams,
        read: (...given) => (isDown ? gone() : streams.read(...given)),
        append: (...given) => streams.append(...given),
        subscribe: (...given) => streams.subscribe(...given),
      },
    };
    const clock = { ms: Date.now() };
    const { watching } = watchOn(kv, clock);
    const other = watchOn(opened.kv, clock);
    await other.look(1_000);
    await watching.lookNow();
    assert.equal(watching.picture()?.regions.length, 2);
    isDown = true;
    clock.ms += 4_000;
    await watching.lookNow();
    assert.notEqual(watching.picture(), null, 'a while is nothing');
    clock.ms += 4_000;
    await watching.lookNow();
    assert.equal(watching.picture(), null);
    isDown = false;
    await watching.lookNow();
    assert.deepEqual(
      watching.picture()?.regions.map(({ health }) => health.well),
      [true, true],
    );
    await Promise.all([watching.stop(), other.watching.stop()]);
  });
});
