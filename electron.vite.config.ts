import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

const external = ['electron', 'onnxruntime-node', '@huggingface/tokenizers'];

/** Four bundles: the app's main process, the engine child, the command line, and the sandboxed page with its preload. */
export default defineConfig({
  main: {
    build: {
      outDir: 'dist/main',
      rolldownOptions: {
        external,
        input: { index: 'main/index.ts', engine: 'main/engine/index.ts', cli: 'main/cli/index.ts' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'dist/preload',
      rolldownOptions: {
        external: ['electron'],
        input: { preload: 'main/preload.ts' },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'renderer',
    plugins: [react()],
    build: { outDir: 'dist/renderer', rolldownOptions: { input: { index: 'renderer/index.html' } } },
  },
});
