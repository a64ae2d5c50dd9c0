import { execFileSync } from 'node:child_process';

import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

const external = ['electron', 'onnxruntime-node', '@huggingface/tokenizers'];

/** Of the sources that are built; there is none outside a checkout. */
function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short=12', 'HEAD'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return 'unknown';
  }
}

/** Set-up asks for the command line alone where no window is needed: a render then never waits for the page. */
const isCommandLineOnly = process.env['STEADYFRAME_BUILD'] === 'cli';
const commandLine = { engine: 'main/engine/index.ts', cli: 'main/cli/index.ts' };

const main = {
  define: { STEADYFRAME_COMMIT: JSON.stringify(commit()) },
  build: {
    outDir: 'dist/main',
    emptyOutDir: !isCommandLineOnly,
    rolldownOptions: {
      external,
      input: isCommandLineOnly ? commandLine : { index: 'main/index.ts', ...commandLine },
      // Beside the entries: code that looks for `engine.js` in its own folder may end up in a shared chunk.
      output: { chunkFileNames: '[name]-[hash].js' },
    },
  },
};

/** Four bundles: the app's main process, the engine child, the command line, and the sandboxed page with its preload. */
export default defineConfig(
  isCommandLineOnly
    ? { main }
    : {
        main,
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
          build: {
            outDir: 'dist/renderer',
            minify: true,
            rolldownOptions: { input: { index: 'renderer/index.html' } },
          },
        },
      },
);
