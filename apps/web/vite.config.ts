import { precompress } from '@bioscope/webapp/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { persistOperations } from './persist-operations.ts';

export default defineConfig({
  plugins: [react(), persistOperations(), precompress()],
  build: {
    target: 'es2022',
    // The player (Shaka) is one library of half a megabyte, loaded on the watch page only.
    chunkSizeWarningLimit: 700,
    sourcemap: false,
  },
});
