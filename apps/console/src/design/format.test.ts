import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ago, bytes, money, percent, perSecond, runtime, smallShare } from './format.ts';

it('sizes have two digits that count and a unit', () => {
  assert.deepEqual([0, 999, 1000, 734_100, 999_600, 4_321_000_000, -1, Number.NaN].map(bytes), [
    '0 B',
    '999 B',
    '1 kB',
    '734 kB',
    '1 MB',
    '4.3 GB',
    '0 B',
    '0 B',
  ]);
});

it('progress does not say 100 before it is done', () => {
  assert.deepEqual([0, 0.996, 1, 7, -1].map(percent), ['0 %', '99 %', '100 %', '100 %', '0 %']);
});

it('rates and small shares show that there is something', () => {
  assert.deepEqual([0, 0.34, 12.46, 99.9, 1240.4].map(perSecond), ['0', '0.3', '12.5', '99.9', '1,240']);
  assert.deepEqual([0, 0.0034, 0.1249, 1].map(smallShare), ['0 %', '0.34 %', '12 %', '100 %']);
});

it('films are as long as one says', () => {
  assert.deepEqual([0, 34_000, 596_000, 5_760_000].map(runtime), ['–', '34 s', '10 min', '1 h 36 min']);
});

it('what happened is so long ago', () => {
  const now = 1_800_000_000_000;
  assert.deepEqual(
    [0, 4_000, 40_000, 720_000, 10_800_000].map((before) => ago(now - before, now)),
    ['just now', 'just now', '40 s ago', '12 min ago', '3 h ago'],
  );
  assert.equal(ago(now + 9_000, now), 'just now');
});

it('money has the digits of its currency', () => {
  assert.deepEqual(
    [money(1399, 'EUR', 2), money(1490, 'JPY', 0), money(1500, 'KWD', 3)].map((text) => text.replaceAll('\u00a0', ' ')),
    ['€13.99', 'JP¥1,490', 'KWD 1.500'],
  );
  assert.equal(money(100, 'nonsense', 2), '1.00 nonsense');
});
