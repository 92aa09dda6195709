import assert from 'node:assert/strict';
import { it } from 'node:test';
import { describeFault } from './describe-fault.ts';

const everywhere = { side: 'server', effect: 'error', delayMs: 0, share: 1, callers: [], callees: [], regions: [], zones: [] };

it('a fault says what, where, for whom and how often', () => {
  assert.equal(describeFault(everywhere), 'error at the server of all');
  assert.equal(
    describeFault({
      ...everywhere,
      effect: 'pass',
      delayMs: 1_500,
      callers: ['web'],
      callees: ['graph', 'home'],
      zones: ['2'],
      share: 0.5,
    }),
    '1,500 ms late at the server of graph, home for calls from web in zone 2 (50 % of the calls)',
  );
  assert.equal(
    describeFault({ ...everywhere, side: 'store', delayMs: 20, callees: ['kv'], regions: ['a'], zones: ['1'] }),
    'error, 20 ms late at the store of kv in region a, zone 1',
  );
});
