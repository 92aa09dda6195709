import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Instance } from '@bioscope/rpc';
import { createLeaseTable } from './lease-table.ts';
import type { LeaseTable } from './lease-table.ts';
import type { Statement } from './statement.ts';

const instance = { service: 'playback', instanceId: 'one', address: '127.0.0.1:1', zone: 'a', region: 'local', load: 0.2 };

function present(sequence: number, about: Partial<Instance> = {}, leftMs = 3_000): Statement {
  return { kind: 'present', instance: { ...instance, ...about }, sequence, leaseMs: 3_000, leftMs };
}

function withdrawn(sequence: number, about: { service?: string; instanceId?: string } = {}): Statement {
  return { kind: 'withdrawn', service: 'playback', instanceId: 'one', sequence, leftMs: 60_000, ...about };
}

const ids = (table: LeaseTable, nowMs = 0): string[] => table.instances(nowMs).map((held) => held.instanceId);

describe('the lease table', () => {
  it('forgets an instance that stops renewing, and not before its lease ends', () => {
    const table = createLeaseTable();
    table.hear(present(1), 0);
    table.expire(2_999);
    assert.deepEqual(ids(table), ['one']);
    table.expire(3_000);
    assert.deepEqual(ids(table), []);
  });

  it('keeps an instance that renews, without news for the watchers', () => {
    const table = createLeaseTable();
    table.hear(present(1), 0);
    const version = table.changes.version();
    table.hear(present(2, { load: 0.25 }), 2_000);
    table.expire(4_500);
    table.changes.flush();
    assert.deepEqual([ids(table), table.changes.version()], [['one'], version]);
  });

  it('tells the watchers of arrivals, moves and departures at once, and of marked changes of load later', () => {
    const table = createLeaseTable();
    const versions = [table.changes.version()];
    const say = (statement: Statement): unknown => [table.hear(statement, 0), versions.push(table.changes.version())];
    say(present(1));
    say(present(2, { address: '127.0.0.1:2' }));
    say(present(3, { address: '127.0.0.1:2', load: 0.9 }));
    table.changes.flush();
    versions.push(table.changes.version());
    say(withdrawn(4));
    say(withdrawn(5));
    assert.deepEqual(versions, [1, 2, 3, 3, 4, 5, 5]);
  });

  it('adds up small steps of load until they are worth telling', () => {
    const table = createLeaseTable();
    for (const [n, load] of [0.2, 0.26, 0.32].entries()) table.hear(present(n + 1, { load }), 0);
    const version = table.changes.version();
    table.changes.flush();
    assert.deepEqual([table.changes.version() - version, table.instances(0)[0]?.load], [1, 0.32]);
  });

  it('believes the later statement, in whichever order they come', () => {
    const table = createLeaseTable();
    assert.equal(table.hear(withdrawn(2), 0), 'taken');
    assert.equal(table.hear(present(1), 0), 'old');
    assert.deepEqual(ids(table), []);
    assert.equal(table.hear(present(3), 0), 'taken');
    assert.deepEqual(ids(table), ['one']);
  });

  it('does not bring back whom it forgot for what it had heard before', () => {
    const table = createLeaseTable();
    table.hear(present(7), 0);
    table.expire(3_000);
    assert.equal(table.hear(present(7, {}, 900), 3_100), 'old');
    assert.equal(table.hear(present(8), 3_200), 'taken');
  });

  it('does not let one unit’s instance take away another’s of the same process', () => {
    const table = createLeaseTable();
    table.hear(present(1), 0);
    table.hear(withdrawn(2, { service: 'catalog' }), 0);
    assert.deepEqual(ids(table), ['one']);
  });

  it('gives an address to the instance that spoke last from there', () => {
    const table = createLeaseTable();
    table.hear(present(10), 0);
    table.hear(present(20, { instanceId: 'restarted' }), 100);
    assert.deepEqual(ids(table), ['restarted']);
    assert.equal(table.hear(present(11), 200), 'old');
    assert.deepEqual(ids(table), ['restarted']);
  });

  it('refuses new instances when it is full, but goes on renewing those it has', () => {
    const table = createLeaseTable();
    const nth = (n: number): Partial<Instance> => ({ instanceId: String(n), address: `127.0.0.1:${n}` });
    for (let n = 0; n < 10_000; n += 1) assert.equal(table.hear(present(1, nth(n)), 1), 'taken');
    assert.equal(table.hear(present(1, nth(10_000)), 1), 'full');
    assert.equal(table.hear(present(2, nth(0)), 1), 'taken');
  });

  it('says how long an instance serves, counted from what it said itself', () => {
    const table = createLeaseTable();
    table.hear(present(1, { upMs: 500 }), 1_000);
    assert.equal(table.instances(1_700)[0]?.upMs, 1_200);
  });
});

describe('self-preservation', () => {
  const processes = (count: number): Partial<Instance>[] =>
    Array.from({ length: count }, (_, n) => ({ instanceId: `p${n}`, address: `127.0.0.1:${n + 1}` }));

  /** Ten processes of which `dead` say nothing any more after the first second, seen until `untilMs`. */
  function watch(table: LeaseTable, dead: number, untilMs: number): void {
    for (let nowMs = 0; nowMs <= untilMs; nowMs += 250) {
      // They renew at different moments of the second, as in life.
      for (const [n, about] of processes(10).entries()) {
        if ((nowMs / 250) % 4 === n % 4 && (nowMs < 1_000 || n >= dead)) table.hear(present(nowMs + 1, about), nowMs);
      }
      table.expire(nowMs);
    }
  }

  it('forgets a dead third within its leases', () => {
    const table = createLeaseTable();
    watch(table, 3, 4_000);
    assert.deepEqual([ids(table).length, table.isPreserving()], [7, false]);
  });

  it('keeps a silent half as doubtful, every one of them', () => {
    const table = createLeaseTable();
    watch(table, 5, 8_000);
    const doubtful = table.instances(8_000).filter((held) => held.isDoubtful === true);
    assert.deepEqual([ids(table).length, doubtful.length, table.isPreserving()], [10, 5, true]);
  });

  it('believes them again when they renew, and then forgets the dead among them', () => {
    const table = createLeaseTable();
    watch(table, 10, 8_000);
    assert.equal(
      table.instances(8_000).every((held) => held.isDoubtful),
      true,
    );
    for (let nowMs = 8_000; nowMs <= 14_000; nowMs += 1_000) {
      for (const about of processes(9)) table.hear(present(nowMs + 1, about), nowMs);
      table.expire(nowMs);
      if (nowMs === 10_000) assert.equal(ids(table).length, 10, 'not before it is calm');
    }
    const held = table.instances(14_000);
    assert.deepEqual([held.length, held.some((one) => one.isDoubtful), table.isPreserving()], [9, false, false]);
  });

  it('counts processes, not their units, and does not mistake the death of one of two for a cut', () => {
    const table = createLeaseTable();
    for (const service of ['playback', 'access', 'steering', 'control']) {
      table.hear(present(1, { service, address: `${service}:1` }), 0);
      table.hear(present(1, { service, instanceId: 'two', address: `${service}:2` }), 2_000);
    }
    table.expire(3_000);
    assert.deepEqual([ids(table, 3_000).length, table.isPreserving()], [4, false]);
  });

  it('gives up those whom it doubts after ten minutes', () => {
    const table = createLeaseTable();
    watch(table, 10, 8_000);
    table.expire(602_000);
    assert.equal(ids(table).length, 10);
    table.expire(604_000);
    assert.equal(ids(table).length, 0);
  });
});
