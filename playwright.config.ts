import { defineConfig } from '@playwright/test';

const reportFile = process.env['STEADYFRAME_TEST_REPORT'];
const SECOND_MS = 1_000;

/** The real app in a real window. One worker: two engines on a small machine would make every deadline a gamble. */
export default defineConfig({
  testDir: 'test/e2e',
  outputDir: 'test-results',
  workers: 1,
  fullyParallel: false,
  retries: 0,
  timeout: 180 * SECOND_MS,
  expect: { timeout: 15 * SECOND_MS },
  forbidOnly: true,
  reporter: reportFile ? [['list'], ['json', { outputFile: reportFile }]] : [['list']],
  use: { trace: 'retain-on-failure', screenshot: 'only-on-failure' },
});
