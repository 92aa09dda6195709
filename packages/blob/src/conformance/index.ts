import { describe, it } from 'node:test';
import { cases } from './cases.ts';
import type { OpenedBlobs } from './cases.ts';

export { cases } from './cases.ts';
export type { BlobCase, OpenedBlobs } from './cases.ts';

/** Registers every promise of the blob port as a test against one engine. `open` gives an empty store; each case gets its own. */
export function describeBlobConformance(name: string, open: () => Promise<OpenedBlobs>): void {
  describe(`blob conformance: ${name}`, () => {
    for (const each of cases) {
      it(each.name, async () => {
        const opened = await open();
        try {
          await each.run(opened);
        } finally {
          await opened.close();
        }
      });
    }
  });
}
