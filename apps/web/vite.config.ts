import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

export default defineConfig({
  plugins: [react(), precompress()],
  build: {
    target: 'es2022',
    // The player (Shaka) is one library of half a megabyte, loaded on the watch page only.
    chunkSizeWarningLimit: 700,
    sourcemap: false,
  },
});

const COMPRESSIBLE = /\.(?:html|js|css|svg|json|webmanifest)$/;

/** Writes `.br` and `.gz` beside every text file, so that the server never compresses while people wait. */
function precompress(): Plugin {
  let folder = '';
  return {
    name: 'bioscope-precompress',
    apply: 'build',
    configResolved(config) {
      folder = path.resolve(config.root, config.build.outDir);
    },
    async closeBundle() {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      for (const entry of entries) {
        if (!entry.isFile() || !COMPRESSIBLE.test(entry.name)) continue;
        const file = path.join(entry.parentPath, entry.name);
        const body = await readFile(file);
        await writeFile(`${file}.br`, await promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
        await writeFile(`${file}.gz`, await promisify(gzip)(body, { level: 9 }));
      }
    },
  };
}
