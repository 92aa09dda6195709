import assert from 'node:assert/strict';
import { it } from 'node:test';
import { readConfig } from './config.ts';

it('works without any setting', () => {
  assert.deepEqual(readConfig({}), { regions: [], dnsTtlSeconds: 30, holdSeconds: 3 });
});

it('reads regions with country and capacity', () => {
  assert.deepEqual(readConfig({ BIOSCOPE_REGIONS: 'a=DE:2000, b=US,c:5,d' }).regions, [
    { name: 'a', country: 'DE', capacityPerSecond: 2_000 },
    { name: 'b', country: 'US', capacityPerSecond: 0 },
    { name: 'c', country: '', capacityPerSecond: 5 },
    { name: 'd', country: '', capacityPerSecond: 0 },
  ]);
});

it('names everything that is wrong at once', () => {
  const wrong = { BIOSCOPE_REGIONS: 'a,A=de,a', BIOSCOPE_DNS_TTL_SECONDS: '0', BIOSCOPE_BRIDGE_HOLD_SECONDS: 'x' };
  assert.throws(() => readConfig(wrong), /"A=de" is not.*\n.*region a is named twice\n.*TTL_SECONDS: "0".*\n.*HOLD_SECONDS: "x"/);
});
