import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { quietly } from './quiet-trouble.ts';

describe('quietly', () => {
  it('says nothing of trouble that passes, and once in a minute of trouble that stays', () => {
    let now = 0;
    const told: string[] = [];
    const trouble = quietly(
      (engine, because) => told.push(`${engine}: ${because}`),
      () => now,
    );
    for (; now < 9_000; now += 1_000) trouble('kafka', new Error('no coordinator'));
    assert.deepEqual(told, []);
    for (; now < 59_000; now += 1_000) trouble('kafka', new Error('no coordinator'));
    assert.deepEqual(told, ['kafka: no coordinator (11 times in the last minute)']);
    for (; now < 119_000; now += 1_000) trouble('kafka', new Error('no coordinator'));
    assert.equal(told.length, 2);
  });

  it('keeps different troubles apart and names what was being done', () => {
    let now = 0;
    const told: string[] = [];
    const trouble = quietly(
      (engine, because) => told.push(`${engine}: ${because}`),
      () => now,
    );
    const lost = { doing: 'publish', error: new AggregateError([new Error('a'), new Error('b')], 'both') };
    for (; now <= 10_000; now += 10_000) {
      trouble('kafka', lost);
      trouble('cassandra', new Error('paused'));
    }
    assert.deepEqual(told, ['kafka: publish: a; b (2 times in the last minute)', 'cassandra: paused (2 times in the last minute)']);
  });
});
