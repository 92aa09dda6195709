import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startOrder } from './start-order.ts';
import { port } from './unit.ts';
import type { Unit } from './unit.ts';

function make(name: string, needs: readonly string[], gives: readonly string[] = []): Unit {
  const ports = (names: readonly string[]) => Object.fromEntries(names.map((each) => [each, port<unknown>(each)]));
  return { name, needs: ports(needs), gives: ports(gives), start: () => Promise.reject(new Error('not started in this test')) };
}
const names = (units: readonly Unit[]) => startOrder(units).map((unit) => unit.name);

describe('start order', () => {
  it('puts givers before those who need them, and otherwise keeps the given order', () => {
    const units = [make('catalog', ['rpc', 'kv']), make('rpc', ['kv'], ['rpc']), make('web', []), make('state', [], ['kv', 'log'])];
    assert.deepEqual(names(units), ['state', 'rpc', 'catalog', 'web']);
  });

  it('names every missing and duplicate port and name in one error', () => {
    const units = [make('a', ['nothing']), make('b', ['nowhere'], ['kv']), make('c', [], ['kv']), make('c', [])];
    assert.throws(
      () => startOrder(units),
      (error: Error) => {
        assert.match(error.message, /unit "a" needs port "nothing", which no unit gives/);
        assert.match(error.message, /unit "b" needs port "nowhere"/);
        assert.match(error.message, /port "kv" is given by both "b" and "c"/);
        assert.match(error.message, /two units are named "c"/);
        return true;
      },
    );
  });

  it('shows the circle when units need each other', () => {
    const units = [make('a', ['y'], ['x']), make('b', ['x'], ['y']), make('c', [])];
    assert.throws(() => startOrder(units), /circle: "a" needs "b" needs "a"/);
  });
});
