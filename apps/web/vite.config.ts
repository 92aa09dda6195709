import { precompress } from '@bioscope/webapp/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [react(), precompress()],
  build: {
    target: 'es2022',
    // The player (Shaka) is one library of half a megabyte, loaded on the watch page only.
    chunkSizeWarningLimit: 700,
    sourcemap: false,
  },
});
