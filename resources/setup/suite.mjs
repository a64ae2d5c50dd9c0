import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';

import { cachePath, inRoot, readJson, secondsSince, SetupFailure } from './base.mjs';
import { ensureBuild } from './build.mjs';
import { withLock } from './lock.mjs';
import { capture, handOver } from './process.mjs';

const LAYERS = ['app', 'main', 'renderer', 'test'];
const resultsPath = path.join(cachePath, 'results');
const script = (name, ...parts) => inRoot('node_modules', name, ...parts);
const heading = (title) => process.stdout.write(`\n── ${title}\n`);

/** Tests that ran and how they ended; a check without tests in it counts only when it fails. */
const noTests = { passed: 0, failed: 0 };
const sum = (parts) =>
  parts.reduce((all, part) => ({ passed: all.passed + part.passed, failed: all.failed + part.failed }), noTests);

async function quietCheck(title, args, tools) {
  const startMs = Date.now();
  const { code, output } = await capture(tools.node.path, args, { env: { ...tools.env, ...tools.node.env } });
  process.stdout.write(`${code === 0 ? '✓' : '✗'} ${title} (${secondsSince(startMs)})\n`);
  if (code !== 0) process.stdout.write(`${output.trim()}\n`);
  return code === 0 ? noTests : { passed: 0, failed: 1 };
}

/** No colour codes in a log file. */
function plain(tools) {
  if (process.stdout.isTTY) return tools;
  const { FORCE_COLOR: _, ...env } = tools.env;
  return { ...tools, env: { ...env, NO_COLOR: '1' } };
}

/** Run a test program that shows its own progress and leaves a JSON report; no report means that it broke. */
async function testRun(title, line, reportName, countOf, tools) {
  heading(title);
  const startMs = Date.now();
  const report = path.join(resultsPath, reportName);
  mkdirSync(resultsPath, { recursive: true });
  rmSync(report, { force: true });
  const code = await handOver(line[0], line.slice(1), {
    ...tools.env,
    ...tools.node.env,
    STEADYFRAME_TEST_REPORT: report,
  });
  const counts = countOf(readJson(report));
  process.stdout.write(`${title}: ${secondsSince(startMs)}\n`);
  if (!counts) return { passed: 0, failed: 1 };
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

const vitestCounts = (report) => report && { passed: report.numPassedTests, failed: report.numFailedTests };
const playwrightCounts = (report) =>
  report && { passed: report.stats.expected + report.stats.flaky, failed: report.stats.unexpected };

const vitest = (project, args, tools) =>
  testRun(
    `${project} tests`,
    [tools.node.path, script('vitest', 'vitest.mjs'), 'run', '--project', project, ...args],
    `${project}.json`,
    vitestCounts,
    tools,
  );

function hasTests(folder, ending) {
  const root = inRoot('test', folder);
  return existsSync(root) && readdirSync(root, { recursive: true }).some((name) => String(name).endsWith(ending));
}

async function staticChecks(tools) {
  heading('types, lint, format');
  const parts = [];
  for (const layer of LAYERS)
    parts.push(
      await quietCheck(
        `types of ${layer}`,
        [script('typescript', 'bin', 'tsc'), '-p', `tsconfig.${layer}.json`],
        tools,
      ),
    );
  parts.push(await quietCheck('lint', [script('oxlint', 'bin', 'oxlint'), '--deny-warnings'], tools));
  parts.push(
    await quietCheck(
      'format',
      [script('prettier', 'bin', 'prettier.cjs'), '--check', '--log-level', 'warn', '.'],
      tools,
    ),
  );
  return sum(parts);
}

/** Whether the studio could be built; what needs a build is not run without one. */
async function build(tools) {
  try {
    await withLock(() => ensureBuild('app', tools.node));
    return true;
  } catch (cause) {
    if (!(cause instanceof SetupFailure)) throw cause;
    process.stdout.write(`✗ ${cause.message}\n`);
    return false;
  }
}

/** The closing line stands alone, so that whoever reads the log can tell that tests ran. */
function close(counts, startMs) {
  process.stdout.write(`\nall of it: ${secondsSince(startMs)}\n${counts.passed} passed, ${counts.failed} failed\n`);
  return counts.failed === 0 && counts.passed > 0 ? 0 : 1;
}

export async function runChecks(_task, args, given) {
  const tools = plain(given);
  const startMs = Date.now();
  return close(sum([await staticChecks(tools), await vitest('unit', args, tools)]), startMs);
}

export async function runTests(_task, args, given) {
  const tools = plain(given);
  const startMs = Date.now();
  const parts = [await staticChecks(tools), await vitest('unit', args, tools)];
  heading('build');
  if (!(await build(tools))) return close(sum([...parts, { passed: 0, failed: 1 }]), startMs);
  if (hasTests('inject', '.test.ts')) parts.push(await vitest('inject', args, tools));
  if (hasTests('e2e', '.spec.ts')) {
    const line = [...tools.display, tools.node.path, script('@playwright/test', 'cli.js'), 'test', ...args];
    parts.push(await testRun('e2e tests', line, 'e2e.json', playwrightCounts, tools));
  }
  return close(sum(parts), startMs);
}
