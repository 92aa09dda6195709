import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { REGION_EVACUATED, reportHtml, ruleFrom, runGameday } from '../src/index.ts';
import type { Experiment } from '../src/index.ts';
import { scriptedService } from './scripted-service.ts';

function experiment(name: string, given: Partial<Experiment> = {}): Experiment {
  return {
    name,
    hypothesis: 'Nobody notices <anything>.',
    fallback: '',
    steady: [{ figure: 'requestsFailed', atMost: 2 }],
    fault: { kind: 'kill', selection: { group: 'play', count: 1 } },
    seconds: 5,
    settleSeconds: 2,
    recoverSeconds: 20,
    abort: { bounds: [], alpha: 0.01 },
    failuresExpected: false,
    ...given,
  };
}

const NEVER = { signal: new AbortController().signal };

describe('a game day', () => {
  it('does the whole list, and comes down to a line', async () => {
    const { needs } = scriptedService({ outage: ({ rules }) => (rules.length > 0 ? { all: 0.1 } : {}) });
    const conditions = { [REGION_EVACUATED]: async () => true };
    const fails = { fault: { kind: 'rules', rules: [ruleFrom('r', {})] } } as const;
    const { results, summary } = await runGameday(
      { ...needs, conditions, startedAt: '2030-01-01T00:00:00Z' },
      [
        experiment('kill'),
        experiment('evacuate', { expect: { condition: REGION_EVACUATED, args: {}, withinSeconds: 5 } }),
        experiment('storage-down', { ...fails, failuresExpected: true, steady: [{ figure: 'playing', atLeast: 1 }] }),
        experiment('access-down', fails),
      ],
      NEVER,
    );
    assert.deepEqual(
      results.map(({ outcome }) => outcome),
      ['held', 'held', 'held', 'refuted'],
    );
    assert.equal(summary.passed, 3);
    assert.equal(summary.experiments, 4);
    assert.equal(summary.secondsToEvacuateRegion, 1);
    const counted = results.filter(({ failuresExpected }) => !failuresExpected);
    assert.equal(
      summary.requests,
      counted.reduce((sum, { counts }) => sum + counts.requests, 0),
    );
    assert.equal(summary.requestsFailed, counted[2]?.counts.requestsFailed);
    assert.equal(summary.requestsFailedPerMillion > 0, true);
  });

  it('ends with the first experiment that does not heal, and when it is stopped', async () => {
    const broken = scriptedService({ restartMs: 3_600_000 });
    const day = { startedAt: '2030-01-01T00:00:00Z' };
    const { results, summary } = await runGameday({ ...broken.needs, ...day }, [experiment('one'), experiment('two')], NEVER);
    assert.deepEqual(
      results.map(({ name, outcome }) => [name, outcome]),
      [['one', 'not_healed']],
    );
    assert.deepEqual([summary.experiments, summary.passed], [2, 0]);
    const stop = new AbortController();
    const stopped = await runGameday({ ...scriptedService({}).needs, ...day }, [experiment('one'), experiment('two')], {
      signal: stop.signal,
      finished: () => stop.abort(),
    });
    assert.equal(stopped.results.length, 1);
  });

  it('spends one budget of failures over all experiments', async () => {
    const { needs } = scriptedService({ outage: ({ rules }) => (rules.length > 0 ? { all: 0.1 } : {}), permit: { requestsFailedMax: 60 } });
    const fails = { fault: { kind: 'rules', rules: [ruleFrom('r', {})] } } as const;
    const { results } = await runGameday(
      { ...needs, startedAt: '' },
      [experiment('one', fails), experiment('two', fails), experiment('three', fails)],
      NEVER,
    );
    assert.deepEqual(
      results.map(({ outcome }) => outcome),
      ['refuted', 'aborted', 'not_run'],
    );
  });

  it('makes a page that stands alone, says everything, and lets nobody’s text become markup', async () => {
    const { needs } = scriptedService({ outage: ({ down }) => (down.length > 0 ? { all: 0.1 } : {}) });
    const html = reportHtml(await runGameday({ ...needs, startedAt: '2030-01-01T00:00:00Z' }, [experiment('kill-play')], NEVER));
    assert.match(html, /Nobody notices &lt;anything&gt;\./);
    for (const expected of ['kill a-2-play', 'id="kill-play"', '<svg', 'class="failed"', 'refuted', '0 of 1'])
      assert(html.includes(expected), expected);
    assert.doesNotMatch(html, /(src|href)="(?!#)/);
    assert.doesNotMatch(html, /NaN|undefined|Infinity/);
  });
});
