import { defineConfig } from 'vitest/config';

const reportFile = process.env['STEADYFRAME_TEST_REPORT'];
const SECOND_MS = 1_000;

/** Two projects: `unit` runs anywhere in parallel; `inject` breaks real processes, so it runs one file at a time on a build. */
export default defineConfig({
  test: {
    // Processes, not threads: native code (ONNX Runtime, SQLite) is not safe to unload from a worker thread.
    pool: 'forks',
    maxWorkers: 2,
    reporters: reportFile ? ['default', ['json', { outputFile: reportFile }]] : ['default'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**', 'test/inject/**', 'test/bench/**'],
          testTimeout: 20 * SECOND_MS,
        },
      },
      {
        extends: true,
        test: {
          name: 'inject',
          include: ['test/inject/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 180 * SECOND_MS,
          hookTimeout: 120 * SECOND_MS,
        },
      },
    ],
  },
});
