import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createLeaseTable } from './lease-table.ts';

const instance = { service: 'playback', instanceId: 'one', address: '127.0.0.1:1', zone: 'a', region: 'local', load: 0.2 };

describe('the lease table', () => {
  it('forgets an instance that stops renewing, and not before its lease ends', () => {
    const table = createLeaseTable(0);
    table.renew(instance, 3_000);
    table.expire(2_999);
    assert.deepEqual(table.instances(), [instance]);
    table.expire(3_000);
    assert.deepEqual(table.instances(), []);
  });

  it('keeps an instance that renews, without news for the watchers', () => {
    const table = createLeaseTable(0);
    table.renew(instance, 3_000);
    const version = table.version();
    table.renew({ ...instance, load: 0.25 }, 4_000);
    table.expire(3_500);
    assert.deepEqual([table.instances(), table.version()], [[instance], version]);
  });

  it('tells the watchers of arrivals, moves, marked changes of load and departures', () => {
    const table = createLeaseTable(7);
    const versions = [table.version()];
    table.renew(instance, 1);
    versions.push(table.version());
    table.renew({ ...instance, address: '127.0.0.1:2' }, 1);
    versions.push(table.version());
    table.renew({ ...instance, address: '127.0.0.1:2', load: 0.9 }, 1);
    versions.push(table.version());
    table.withdraw('playback', 'one');
    versions.push(table.version());
    table.withdraw('playback', 'one');
    versions.push(table.version());
    assert.deepEqual(versions, [7, 8, 9, 10, 11, 11]);
  });

  it('does not let one unit’s instance take away another’s of the same process', () => {
    const table = createLeaseTable(0);
    table.renew(instance, 1);
    table.withdraw('catalog', 'one');
    assert.equal(table.instances().length, 1);
  });

  it('refuses new instances when it is full, but goes on renewing those it has', () => {
    const table = createLeaseTable(0);
    for (let n = 0; n < 10_000; n += 1) assert(table.renew({ ...instance, instanceId: String(n) }, 1));
    assert.equal(table.renew({ ...instance, instanceId: 'one too many' }, 1), false);
    assert.equal(table.renew({ ...instance, instanceId: '0' }, 1), true);
  });
});
