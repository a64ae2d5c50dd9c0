import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { _electron, type ElectronApplication, type Page } from '@playwright/test';

import { rootFolder } from '../guard/source.ts';

/** The Electron that set-up proved; the tests run through `npm test`, which names it. */
export function electronPath(): string {
  const folder = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (!folder) throw new Error('ELECTRON_OVERRIDE_DIST_PATH is not set; legal: run the tests with npm test');
  return join(folder, process.platform === 'win32' ? 'electron.exe' : 'electron');
}

/** Chromium refuses its sandbox for root; the shipped app never gets this switch. */
const rootArgs = process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
export const appArgs: readonly string[] = [...rootArgs, rootFolder];

export function appEnvironment(home: string): Record<string, string> {
  const inherited = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { ...Object.fromEntries(inherited), STEADYFRAME_ROOT: rootFolder, STEADYFRAME_HOME: home };
}

/** A home folder of its own, gone at the end of the block. */
export function temporaryHome(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'steadyframe-e2e-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
}

export interface RunningStudio extends AsyncDisposable {
  readonly app: ElectronApplication;
  readonly page: Page;
}

/**
 * Start the built app and wait for its page.
 *
 * @param program  the folder with the packs; the repository's own when none is given
 */
export async function launchStudio(home: string, program = rootFolder): Promise<RunningStudio> {
  const env = { ...appEnvironment(home), STEADYFRAME_ROOT: program };
  const app = await _electron.launch({ executablePath: electronPath(), args: [...appArgs], env });
  const page = await app.firstWindow();
  await page.waitForLoadState('load');
  const ended = new Promise((resolve) => app.process().once('exit', resolve));
  // A studio that still ends holds the lock of its home: the next one there would end at once.
  return { app, page, [Symbol.asyncDispose]: async () => void (await Promise.all([app.close(), ended])) };
}
