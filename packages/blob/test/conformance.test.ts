import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cases } from '@bioscope/blob/conformance';
import { memoryBlobs } from './broken-engines.ts';
import type { Break } from './broken-engines.ts';

/** Calls that the engine in memory does not have at all. */
const BEYOND_MEMORY = /parts|upload|programs|is not there|presigns|does not need|its signal/;

const CAUGHT_BY: Readonly<Record<Break, RegExp>> = {
  'shows half-written objects': /never shows an object before its last byte/,
  'checks for absence, then writes': /exactly one of many concurrent creators/,
  'ignores the checksum': /fails its checksum/,
  'lists in the order of writing': /lists in byte order/,
  'off by one in ranges': /reads any range/,
  'mixes two objects in a body': /never mixes two objects/,
};

describe('the blob conformance suite', () => {
  it('passes a whole engine, so that what it finds in a broken one is the break', async () => {
    assert.deepEqual(await failures(null), []);
  });

  for (const [broken, expected] of Object.entries(CAUGHT_BY) as [Break, RegExp][]) {
    it(`rejects an engine that ${broken}`, async () => {
      const failed = await failures(broken);
      assert.ok(
        failed.some((name) => expected.test(name)),
        `failed only: ${failed.join('; ') || 'nothing'}`,
      );
    });
  }
});

async function failures(broken: Break | null): Promise<string[]> {
  const failed: string[] = [];
  for (const { name, run } of cases.filter((each) => !BEYOND_MEMORY.test(each.name))) {
    const store = memoryBlobs(broken);
    await run({ store, reopen: async () => store, send: () => Promise.reject(new Error('no URLs')), close: async () => undefined }).catch(
      () => failed.push(name),
    );
  }
  return failed;
}
