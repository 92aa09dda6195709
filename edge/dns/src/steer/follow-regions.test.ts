import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { create } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { GetPictureResponseSchema, RegionState } from '@bioscope/regions/contract';
import type { GetPictureRequestSchema, GetPictureResponse } from '@bioscope/regions/contract';
import { createTelemetry } from '@bioscope/telemetry';
import { compileSteering } from './compile-steering.ts';
import { followRegions } from './follow-regions.ts';
import { keptPicture } from './kept-picture.ts';
import { NOBODY_NEAR } from './near-list.ts';
import { readPicture } from './steering-picture.ts';
import { client } from './test/made-regions.ts';

const { log } = createTelemetry({ process: 'test', processMetrics: false, sink: { write: () => undefined } });

function shown(version: number, ...addresses: readonly string[]): GetPictureResponse {
  const gateways = addresses.map((address) => ({ address, healthy: true }));
  const region = { name: 'a', state: RegionState.SERVING, weight: 1, health: { well: true }, zones: [{ name: '1', gateways }] };
  return create(GetPictureResponseSchema, { version, dnsTtlSeconds: 30, regions: [region] });
}

/** A regions unit that a test leads: it answers what it is given, waits when there is nothing new, and fails when it is gone. */
function regionsUnit() {
  const unit = { now: shown(1, '127.1.1.1:8080') as GetPictureResponse | null, asked: [] as number[] };
  const getPicture = async ({ knownVersion = 0 }: MessageInitShape<typeof GetPictureRequestSchema>, options?: { signal?: AbortSignal }) => {
    unit.asked.push(knownVersion);
    for (let waited = 0; waited < 4_000; waited += 1) {
      if (unit.now === null) throw new Error('gone');
      if (unit.now.version !== knownVersion || options?.signal?.aborted === true) return unit.now;
      await sleep(1);
    }
    throw new Error('the test waits for too long');
  };
  return Object.assign(unit, { getPicture });
}

async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 5_000;
  while (!(await condition())) {
    assert(performance.now() < end, `in vain waited for: ${what}`);
    await sleep(2);
  }
}

async function start(test: TestContext, unit: ReturnType<typeof regionsUnit>, file?: string) {
  const folder = await mkdtemp(join(tmpdir(), 'bioscope-dns-'));
  test.after(() => rm(folder, { recursive: true, force: true }));
  const path = file ?? join(folder, 'state', 'picture.json');
  const seen: string[] = [];
  const following = await followRegions({
    client: unit,
    kept: keptPicture(path),
    log,
    onPicture: (picture) =>
      seen.push(
        readPicture(picture)
          .regions.flatMap(({ gateways }) => gateways.map(({ text }) => text))
          .join(' '),
      ),
  });
  test.after(() => following.stop());
  return { seen, file: path, following };
}

describe('following the regions', () => {
  it('takes every new picture, and keeps the last one on disk', async (test) => {
    const unit = regionsUnit();
    const { seen, file } = await start(test, unit);
    await until('the first picture', () => seen.length === 1);
    unit.now = shown(2, '127.1.1.1:8080', '127.1.2.1:8080', '127.1.2.1:8081');
    await until('the second picture', () => seen.length === 2);
    assert.deepEqual(seen, ['127.1.1.1', '127.1.1.1 127.1.2.1']);
    await until('the file', async () => (await readFile(file, 'utf8').catch(() => '')).includes('127.1.2.1'));
  });

  it('goes on with the last picture while nobody answers, and when it starts then, with the one on disk', async (test) => {
    const unit = regionsUnit();
    const first = await start(test, unit);
    await until('the first picture', async () => (await readFile(first.file, 'utf8').catch(() => '')) !== '');
    unit.now = null;
    await until('a failure', () => unit.asked.length >= 2);
    assert.equal(first.seen.length, 1);
    await first.following.stop();
    const second = await start(test, unit, first.file);
    assert.deepEqual(second.seen, ['127.1.1.1'], 'before anybody was asked');
    unit.now = shown(3, '127.1.3.1:8080');
    await until('the new picture', () => second.seen.length === 2);
  });

  it('does not believe a control plane that has lost its memory', async (test) => {
    const unit = regionsUnit();
    const { seen, file } = await start(test, unit);
    await until('the first picture', async () => seen.length === 1 && (await readFile(file, 'utf8').catch(() => '')) !== '');
    const kept = await readFile(file, 'utf8');
    unit.now = shown(9);
    await until('the empty picture to be heard', () => unit.asked.includes(9));
    assert.deepEqual(seen, ['127.1.1.1']);
    assert.equal(await readFile(file, 'utf8'), kept);
  });

  it('starts without a picture that is broken on disk', async (test) => {
    const folder = await mkdtemp(join(tmpdir(), 'bioscope-dns-'));
    test.after(() => rm(folder, { recursive: true, force: true }));
    await writeFile(join(folder, 'picture.json'), '{"version": 1, "regio');
    const { seen } = await start(test, regionsUnit(), join(folder, 'picture.json'));
    await until('the first picture', () => seen.length === 1);
  });
});

describe('reading a picture', () => {
  it('spreads gateways over zones, leaves out what is no address, and doubts what it does not know', () => {
    const said = create(GetPictureResponseSchema, {
      dnsTtlSeconds: 0,
      regions: [
        {
          name: 'b',
          state: 77 as RegionState,
          weight: Number.NaN,
          zones: [
            { name: '1', gateways: [{ address: '127.2.1.1:80', healthy: true }, { address: 'nonsense' }, { address: '127.2.1.2:80' }] },
            { name: '2', gateways: [{ address: '[2001:db8::1]:443', healthy: true }] },
          ],
        },
      ],
    });
    const { regions, ttlSeconds } = readPicture(said);
    assert.equal(ttlSeconds, 30);
    assert.deepEqual(
      regions[0]?.gateways.map(({ text, family }) => [text, family]),
      [
        ['127.2.1.1', 1],
        ['2001:db8::1', 2],
        ['127.2.1.2', 1],
      ],
    );
    assert.partialDeepStrictEqual(regions[0], { state: 'serving', weight: 0, well: true });
    const steering = compileSteering({ regions, ttlSeconds }, { operator: NOBODY_NEAR, latencies: NOBODY_NEAR, countries: null });
    assert.equal(steering.answer('app', client('192.0.2.0/24')).records.length, 2);
  });
});
