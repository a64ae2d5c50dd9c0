import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { appArgs, appEnvironment, electronPath } from '../e2e/launch.ts';
import { rootFolder } from '../guard/source.ts';
import { compare, type Figure } from './figure.ts';
import type { Program } from './work.ts';

const START_GOAL = 2;
const START_LIMIT_MS = 60_000;
const HOOK = join(import.meta.dirname, 'start-hook.ts');

/** What no Electron app can be faster than: one window of the studio's size, one page without anything in it. */
const BLANK_MAIN = `import { app, BrowserWindow } from 'electron';
app.whenReady().then(() => new BrowserWindow({ width: 1280, height: 800 }).loadFile('blank.html'));
`;
const BLANK_PAGE = '<!doctype html><meta charset="utf-8"><title>blank</title>';

async function writeBlankApp(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'blank', type: 'module', main: 'main.js' }));
  await writeFile(join(folder, 'main.js'), BLANK_MAIN);
  await writeFile(join(folder, 'blank.html'), BLANK_PAGE);
}

/** From the start of the process to the hook's word; resolves when the process is gone, so that runs never overlap. */
async function startOnce(args: readonly string[], env: Readonly<Record<string, string>>): Promise<number> {
  const startedMs = performance.now();
  const child = spawn(electronPath(), ['-r', HOOK, ...args], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  let said = '';
  let usableMs: number | null = null;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if (usableMs === null && /^usable$/m.test(said)) usableMs = performance.now() - startedMs;
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), START_LIMIT_MS);
  await new Promise<void>((settle, fail) => {
    child.once('error', fail);
    child.once('close', () => settle());
  }).finally(() => clearTimeout(timer));
  if (usableMs === null) throw new Error('no usable window came up');
  return usableMs;
}

export async function measureStart(
  program: Program,
  rounds: number,
  tell: (line: string) => void,
): Promise<readonly Figure[]> {
  const figure = {
    name: 'start to usable window',
    unit: 'ms',
    rivalName: 'empty Electron app',
    goal: START_GOAL,
  } as const;
  const missing = lacking();
  if (missing !== null) return [{ ...figure, result: { missing } }];
  const blank = program.at('blank');
  await writeBlankApp(blank);
  const env = appEnvironment(program.at('start-home'));
  const ours = async () =>
    startOnce(appArgs, { ...env, STEADYFRAME_ROOT: program.root, STEADYFRAME_BENCH_BOX: '#prompt' });
  const blankArgs = [...appArgs.slice(0, -1), `--user-data-dir=${program.at('blank-home')}`, blank];
  const rival = async () => startOnce(blankArgs, { ...env, STEADYFRAME_BENCH_BOX: '' });
  try {
    // The first start of each writes its profile and reads everything from the disk.
    await ours();
    await rival();
    const measured: { ours: number; rival: number }[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const isBackwards = round % 2 === 1;
      const early = isBackwards ? await rival() : null;
      const oursMs = await ours();
      measured.push({ ours: oursMs, rival: early ?? (await rival()) });
      tell(`start, round ${round + 1} of ${rounds}: ${oursMs.toFixed(0)} ms, ${measured.at(-1)?.rival.toFixed(0)} ms`);
    }
    return [{ ...figure, result: compare(measured) }];
  } catch (cause) {
    return [{ ...figure, result: { missing: cause instanceof Error ? cause.message : String(cause) } }];
  }
}

function lacking(): string | null {
  if (!process.env['ELECTRON_OVERRIDE_DIST_PATH']) return 'Electron (run the benchmark through npm run bench)';
  if (!existsSync(join(rootFolder, 'dist', 'renderer', 'index.html'))) return 'the built studio (npm run build)';
  const hasDisplay = process.platform !== 'linux' || process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY'];
  return hasDisplay ? null : 'a display';
}
