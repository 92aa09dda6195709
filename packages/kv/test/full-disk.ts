import { writeFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { bytes, KvFault, newToken } from '../src/index.ts';
import { openKv } from '../src/sqlite/index.ts';

// Started by faults.test.ts inside a mount namespace of its own, where the folder is a file system of 2 MB.

const folder = process.argv[2] ?? '';
const store = await openKv({ folder });
const put = (record: string, size: number): Promise<void> =>
  store.items.put({ namespace: 'n', record, items: [{ key: bytes('k'), value: new Uint8Array(size) }], token: newToken() });

await put('kept', 1_000);
await writeFile(path.join(folder, 'ballast'), new Uint8Array(512 * 1024));
let written = 0;
const refusal = await putUntilRefused();
const { items } = await store.items.scan({ namespace: 'n', page: { bytesMax: 8 * 1024 * 1024 } });
// All that were acknowledged and the first, nothing of the refused one.
const lost = items.length !== written + 1;
await rm(path.join(folder, 'ballast'));
await put('again', 1_000);
process.stdout.write(
  `refused with ${refusal}, ${lost ? `${items.length} of ${written + 1} items are there` : 'nothing lost'}, usable again\n`,
);
await store.close();

async function putUntilRefused(): Promise<string> {
  try {
    for (; written < 100; written += 1) await put(`r${written}`, 32 * 1024);
    return 'nothing';
  } catch (error) {
    return error instanceof KvFault ? error.code : String(error);
  }
}
