import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import type { RpcError } from '@bioscope/rpc';
import { explanationLines } from '../src/service.ts';
import { startDnsUnit, tempFolder } from './running-unit.ts';
import type { RunningUnit } from './running-unit.ts';

const ADDRESSES = JSON.stringify({ app: ['192.0.2.1', '2001:db8::1'], '*': ['192.0.2.9'] });

describe('the dns unit', () => {
  it('stands alone with static steering and a zone of its own making, for any resolver', async (test) => {
    const { resolver } = await startUnit(test, { BIOSCOPE_DNS_CAA: 'letsencrypt.org' });
    assert.deepEqual(await resolver.resolve4('app.bioscope.test'), ['192.0.2.1']);
    assert.deepEqual(await resolver.resolve6('APP.bioscope.test'), ['2001:db8::1']);
    assert.deepEqual(await resolver.resolve4('play.bioscope.test', { ttl: true }), [{ address: '192.0.2.9', ttl: 30 }]);
    assert.deepEqual(await resolver.resolveNs('bioscope.test'), ['ns1.bioscope.test']);
    assert.equal((await resolver.resolveSoa('bioscope.test')).minttl, 30);
    assert.equal((await resolver.resolveCaa('bioscope.test'))[0]?.issue, 'letsencrypt.org');
    await assert.rejects(resolver.resolve4('nowhere.bioscope.test'), { code: 'ENOTFOUND' });
    await assert.rejects(resolver.resolve6('play.bioscope.test'), { code: 'ENODATA' });
    await assert.rejects(resolver.resolve4('example.org'), { code: 'EREFUSED' });
  });

  it('serves the zone of a file, and explains every name', async (test) => {
    const zone =
      '$TTL 60\n@ SOA ns1 host 1 2 3 4 5\n@ NS ns1\nns1 A 192.0.2.53\nwww CNAME app\naway CNAME x.example.\n*.t TXT x\nsub NS ns.example.\n';
    const { resolver, explain } = await startUnit(test, {}, zone);
    assert.deepEqual(await resolver.resolve4('www.bioscope.test'), ['192.0.2.1']);
    const words = async (name: string, client = '127.101.0.0/16'): Promise<string> =>
      explanationLines(await explain.explain({ name, client })).join('\n');
    assert.match(
      await words('www'),
      /192\.0\.2\.1 2001:db8::1\nTTL 30 s, the same for everybody\n1\. www.* is another name for app.*\n2\. app has the same addresses for everybody/s,
    );
    assert.match(await words('away.bioscope.test'), /goes on elsewhere/);
    assert.match(await words('ns1.bioscope.test'), /192\.0\.2\.53\nTTL 60.*it has A/s);
    assert.match(await words('x.t.bioscope.test'), /covered by \*\.t\.bioscope\.test.*it has TXT/s);
    assert.match(await words('deep.sub.bioscope.test'), /sub\.bioscope\.test is another server's/);
    assert.match(await words('no.bioscope.test', '2001:db8::5'), /does not exist/);
    assert.match(await words('example.org'), /outside of bioscope\.test: refused/);
    for (const wrong of [
      { name: '', client: '::1' },
      { name: 'app', client: '1.2.3' },
      { name: 'app', client: '1.2.3.4/33' },
      { name: 'a..b', client: '::1' },
    ])
      await assert.rejects(explain.explain(wrong), (error: RpcError) => error.code === 'invalid_argument');
  });

  it('does not start on settings, zones or steering that are wrong, and says what is', async (test) => {
    await assert.rejects(
      startUnit(test, { BIOSCOPE_DNS_PORT: '70000', BIOSCOPE_DNS_ALPN: 'h 2', BIOSCOPE_DNS_UNLIMITED: '1.2.3.4' }),
      /BIOSCOPE_DNS_ALPN.*BIOSCOPE_DNS_PORT.*BIOSCOPE_DNS_UNLIMITED/,
    );
    await assert.rejects(startUnit(test, {}, '$TTL 60\n@ NS ns1\n'), /one SOA is needed/);
    await assert.rejects(startUnit(test, {}, undefined, '{"app": ["192.0.2.1"]}'), /play: 1 to 64 addresses/);
    await assert.rejects(startUnit(test, {}, undefined, '{"*": ["192.0.2"]}'), /"192\.0\.2" is no address/);
  });

  it('does not start on an address that another has', async (test) => {
    const { resolver } = await startUnit(test, {});
    const taken = resolver.getServers()[0]?.split(':')[1] ?? '';
    await assert.rejects(startUnit(test, { BIOSCOPE_DNS_PORT: taken }), /EADDRINUSE/);
    assert.deepEqual(await resolver.resolve4('app.bioscope.test'), ['192.0.2.1']);
  });
});

async function startUnit(
  test: TestContext,
  environment: Record<string, string>,
  zone?: string,
  addresses = ADDRESSES,
): Promise<RunningUnit> {
  const folder = await tempFolder(test);
  await writeFile(join(folder, 'addresses.json'), addresses);
  if (zone !== undefined) await writeFile(join(folder, 'zone'), zone);
  const running = await startDnsUnit({
    BIOSCOPE_DNS_STEERING: join(folder, 'addresses.json'),
    ...(zone === undefined ? {} : { BIOSCOPE_DNS_ZONE_FILE: join(folder, 'zone') }),
    ...environment,
  });
  test.after(() => running.stop());
  return running;
}
