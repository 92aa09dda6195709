import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { create } from '@bufbuild/protobuf';
import { GetPictureResponseSchema, RegionState } from '@bioscope/regions/contract';
import type { RegionsService } from '@bioscope/regions/contract';
import type { Client, Rpc } from '@bioscope/rpc';
import { createTelemetry } from '@bioscope/telemetry';
import { gdnsdFromSettings } from './gdnsd-from-settings.ts';
import { keptPicture } from './kept-picture.ts';
import { openRegionSteering } from './open-region-steering.ts';
import { client } from './test/made-regions.ts';

const { log } = createTelemetry({ process: 'test', processMetrics: false, sink: { write: () => undefined } });
const ZONE = {
  zone: 'bioscope.test',
  steeredNames: ['app'],
  nameservers: [{ name: 'ns1', address: '127.1.0.53' }],
  listen: ['127.0.0.1:5300'],
  runFolder: '/run/gdnsd',
  stateFolder: '/var/lib/gdnsd',
  healthFile: '/var/lib/gdnsd/health',
};

/** A control plane that is gone. */
const nobody: Pick<Rpc, 'client'> = {
  client: () => ({ getPicture: () => Promise.reject(new Error('gone')) }) as Pick<Client<typeof RegionsService>, 'getPicture'> as never,
};

async function settings(files: Record<string, string> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'bioscope-dns-'));
  const environment: Record<string, string> = { BIOSCOPE_DNS_STATE: join(folder, 'picture.json'), BIOSCOPE_COUNTRY_TABLE: 'none' };
  for (const [setting, text] of Object.entries(files)) {
    environment[setting] = join(folder, setting);
    await writeFile(join(folder, setting), text);
  }
  return { environment, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

async function keep(file: string): Promise<void> {
  const gateways = [{ address: '127.1.1.1:8080', healthy: true }];
  const region = { name: 'a', state: RegionState.SERVING, weight: 1, health: { well: true }, zones: [{ name: '1', gateways }] };
  await keptPicture(file).save(create(GetPictureResponseSchema, { version: 1, dnsTtlSeconds: 30, regions: [region] }));
}

describe('steering by settings', () => {
  it('answers and explains from the picture on disk while the control plane is gone', async () => {
    await using given = await settings({ BIOSCOPE_DNS_PREFIXES: '127.101.0.0/16 a' });
    await keep(given.environment['BIOSCOPE_DNS_STATE'] ?? '');
    const opened = await openRegionSteering({ rpc: nobody, log, environment: given.environment });
    const { steering } = opened;
    try {
      const { answer, region, because } = steering.explain('app', client('127.101.3.0/24'));
      assert.equal(region, 'a');
      assert.deepEqual(answer, steering.answer('app', client('127.101.3.0/24')));
      assert.deepEqual(because, [
        '127.101.3.0/24 (as the resolver says) asks for app.',
        "The operator's prefix 127.101.0.0/16 says: a.",
        'a is serving, 1 of its 1 gateways may be answered: chosen.',
        'Healthy gateways there: 127.1.1.1 (zone 1).',
      ]);
    } finally {
      await opened.close();
    }
  });

  it('names the setting, the file and the line that are wrong', async () => {
    await using wrong = await settings({ BIOSCOPE_DNS_LATENCIES: '10.0.0.0/8 a=1\n10.0.0.0/33 a=1' });
    await assert.rejects(openRegionSteering({ rpc: nobody, log, ...wrong }), /BIOSCOPE_DNS_LATENCIES \(.*\): line 2: "10\.0\.0\.0\/33"/);
    await assert.rejects(openRegionSteering({ rpc: nobody, log, environment: {} }), /BIOSCOPE_DNS_STATE must name a file/);
    await using missing = await settings();
    const environment = { ...missing.environment, BIOSCOPE_DNS_PREFIXES: '/nowhere' };
    await assert.rejects(openRegionSteering({ rpc: nobody, log, environment }), /BIOSCOPE_DNS_PREFIXES \(\/nowhere\)/);
  });

  it('exports for gdnsd what is on disk, or says that there is nothing yet', async () => {
    await using given = await settings({ BIOSCOPE_DNS_PREFIXES: '127.101.0.0/16 a' });
    await assert.rejects(gdnsdFromSettings(given.environment, ZONE), /no picture of regions/);
    await keep(given.environment['BIOSCOPE_DNS_STATE'] ?? '');
    const { config, health } = await gdnsdFromSettings(given.environment, ZONE);
    assert.equal(config['geoip/nets'], '127.101.0.0/16 => [ a ]\n');
    assert.equal(health, '127.1.1.1 => UP\n');
  });
});
