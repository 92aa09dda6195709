import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Complaint } from '../command.ts';
import { placesFrom } from './places.ts';

describe('where viewers sit', () => {
  it('is this machine when nothing is said', async () => {
    const [here, ...others] = placesFrom({ networks: undefined, dns: undefined });
    assert.deepEqual([here?.network, others], [undefined, []]);
    assert.deepEqual((await here?.resolve('app.localhost', {}))?.addresses, ['127.0.0.1']);
  });
  it('is each network that is named, in order', () => {
    const places = placesFrom({ networks: '127.101.0.0/16,127.102.0.0/16', dns: '127.1.0.53:5353,127.2.0.53' });
    assert.deepEqual(
      places.map(({ network }) => network),
      ['127.101.0.0/16', '127.102.0.0/16'],
    );
  });
  it('is refused for DNS servers that are no addresses', () => {
    for (const dns of ['localhost', '127.0.0.1:dns', '::1', ',']) assert.throws(() => placesFrom({ networks: undefined, dns }), Complaint);
  });
});
