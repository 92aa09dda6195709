import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { examine } from './examine.ts';

describe('the examination', () => {
  it('names what is wrong and how to mend it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bioscope-doctor-'));
    const server = createServer();
    try {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      await writeFile(join(folder, 'file'), '');
      const findings = await examine({ folder: join(folder, 'file', 'state'), environment: { PATH: folder, BIOSCOPE_PORT: String(port) } });
      const of = (what: string) => findings.find((finding) => finding.what === what);
      assert.deepEqual(of('ffmpeg'), { what: 'ffmpeg', kind: 'wrong', text: 'not installed: apt-get install ffmpeg' });
      assert.equal(of('chromium')?.kind, 'note');
      assert.match(of('ports')?.text ?? '', new RegExp(`in use: 127\\.0\\.0\\.1:${port}; choose others with up --port N`));
      assert.match(of('state')?.text ?? '', /is not a folder: choose another with --data DIR/);
    } finally {
      server.close();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
