import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { methodsOpenTo } from '@bioscope/access/testing';
import { create } from '@bufbuild/protobuf';
import { ListResponseSchema } from '@bioscope/chaos/contract';
import type { Rpc } from '@bioscope/rpc';
import { OperatorService, RegionsService } from '../contract/index.ts';
import type { ShowRegionsResponse } from '../contract/index.ts';
import { askForBreakage } from '../src/breakage.ts';
import { showRegions } from '../src/handlers/show-regions.ts';
import { openStore, PASSPORTS, startRegions } from './running-regions.ts';
import type { RunningRegions } from './running-regions.ts';

const operator = () => PASSPORTS.within({ accountId: 'ada', isOperator: true });

/** Reports once a second until the regions are as wanted. */
async function reportUntil(
  running: RunningRegions,
  report: () => Promise<void>,
  isSo: (shown: ShowRegionsResponse) => boolean,
): Promise<ShowRegionsResponse> {
  const end = performance.now() + 8_000;
  for (;;) {
    await report();
    const shown = await running.operators.showRegions({}, { within: operator() });
    if (isSo(shown)) return shown;
    assert(performance.now() < end, 'in vain waited for the regions');
    await sleep(200);
  }
}

describe('operators of regions', () => {
  it('may do nothing through the gateway when access refuses, and units need not ask', async () => {
    await using store = await openStore();
    await using running = await startRegions(store.kv, { BIOSCOPE_REGIONS: 'a,b' });
    running.rights.answer = 'not_permitted';
    // Name servers and gateways ask for the picture, and gateways report: none of that has a way from outside.
    const within = operator();
    assert.deepEqual(await methodsOpenTo(RegionsService, running.as('gateway'), { within }), ['getPicture', 'reportHealth']);
    assert.deepEqual(await methodsOpenTo(OperatorService, running.operators, { within }), []);
    assert.deepEqual(new Set(running.rights.asked), new Set(['regions']));
    assert.deepEqual((await running.as('cli').listRuns({})).runs, []);

    running.rights.answer = 'down';
    const evacuation = { region: 'a', by: 'somebody', commandId: 'run' };
    await assert.rejects(running.as('gateway').evacuate(evacuation, { within: operator() }), { code: 'unavailable' });
    running.rights.answer = 'granted';
    await assert.rejects(running.as('gateway').evacuate(evacuation), { code: 'unauthenticated' });
  });

  it('are told what would come of an evacuation, and a run keeps who began it by the passport', async () => {
    await using store = await openStore();
    await using running = await startRegions(store.kv, { BIOSCOPE_REGIONS: 'a:500,b:100' });
    const both = async (): Promise<void> => {
      await Promise.all([
        running.report('a', { requests: 20, starts: 2, startFailures: 1 }),
        running.report('b', { requests: 10, capacityPerSecond: 0 }),
      ]);
    };
    const shown = await reportUntil(running, both, ({ hearing, regions }) => hearing && (regions[1]?.arrivedPerSecond ?? 0) > 0);
    const [a, b] = shown.regions;
    assert.deepEqual([a?.reporting, b?.reporting], [3, 3]);
    assert.ok(a !== undefined && a.arrivedPerSecond > 0 && a.startsPerSecond > 0 && a.startFailureRate === 0.5);
    assert.equal(a.evacuation?.refused, '');
    assert.match(a.evacuation.text, /^[\d.]+ requests per second would move to b, which can take [\d.]+ besides their own\.$/);
    assert.deepEqual([a.restoring?.refused, a.restoring?.text], ['already', 'a is serving already']);
    assert.equal(shown.running, undefined);
    assert.deepEqual([shown.breakage?.possible, shown.breakage?.known], [false, true]);

    const evacuation = { region: 'a', reason: 'work on the power', by: 'somebody else', commandId: 'run' };
    const begun = await running.as('gateway').evacuate(evacuation, { within: operator() });
    assert.ok(begun.outcome.case === 'started');
    assert.deepEqual([begun.outcome.value.by, begun.outcome.value.reason], ['operator ada', 'work on the power']);
    const during = await reportUntil(running, both, ({ running: run }) => run !== undefined);
    assert.deepEqual([during.running?.id, during.running?.steps[0]?.kind], ['run', 'checked']);
    assert.equal(during.regions[1]?.evacuation?.refused, 'another_run');
  });

  it('are not shown what this instance cannot know', async () => {
    const watching = { picture: () => null, outlook: () => null };
    const breakage = async () => ({ possible: false });
    await assert.rejects(showRegions({ watching, breakage, nowMs: () => 0 }), { code: 'unavailable' });
  });

  it('are told what is broken on purpose, or that nobody can say', async () => {
    const rule = { id: 'slow-graph.1', side: 'server', effect: 'delay', delayMs: 300, share: 1, callees: ['graph'], regions: ['b'] };
    const answers = (list: () => Promise<object>, instances: number) =>
      askForBreakage({ client: () => ({ list }), instancesOf: () => Array.from({ length: instances }) } as unknown as Pick<
        Rpc,
        'client' | 'instancesOf'
      >)();
    const standing = create(ListResponseSchema, { standing: [{ rule, leaseMsLeft: 4_000, hits: 3 }] });
    assert.deepEqual(await answers(async () => standing, 0), { possible: false, known: true });
    const { faults, ...told } = await answers(async () => standing, 2);
    assert.deepEqual(told, { possible: true, known: true });
    assert.partialDeepStrictEqual(faults, [{ ...rule, callers: [], zones: [], leaseMsLeft: 4_000 }]);
    const down = answers(() => Promise.reject(new Error('gone')), 2);
    assert.deepEqual(await down, { possible: true, known: false });
  });
});
