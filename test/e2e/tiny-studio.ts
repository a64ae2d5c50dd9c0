import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { expect, type Page } from '@playwright/test';

import { writeTinyPack } from '../fixture/tiny-pack.ts';
import { launchStudio, temporaryHome, type RunningStudio } from './launch.ts';

/** A program folder with the tiny pack, and a home that outlives a restart of the studio. */
export interface TinyProgram extends Disposable {
  readonly at: (...parts: readonly string[]) => string;
  readonly launch: () => Promise<RunningStudio>;
}

/** @param slowness  of a step; enough of it leaves time to look at a preview, to cancel, or to kill */
export async function makeTinyProgram(slowness: number): Promise<TinyProgram> {
  const base = temporaryHome();
  const at = (...parts: readonly string[]): string => join(base.path, ...parts);
  await writeTinyPack(at('program', 'models', 'tiny', 'pack'), { slowness });
  mkdirSync(at('home'));
  return { at, launch: () => launch(at('home'), at('program')), [Symbol.dispose]: () => base[Symbol.dispose]() };
}

async function launch(home: string, program: string): Promise<RunningStudio> {
  const studio = await launchStudio(home, program);
  await expect(generateButton(studio.page)).toBeVisible();
  return studio;
}

export const generateButton = (page: Page) => page.locator('.generate-button');
export const promptBox = (page: Page) => page.locator('#prompt');
export const progressBar = (page: Page) => page.getByRole('progressbar').first();

/** Ask for a clip as a user of the keyboard does. */
export async function ask(page: Page, prompt: string): Promise<void> {
  await promptBox(page).fill(prompt);
  await page.keyboard.press('Control+Enter');
}

/** The engine child of a studio, by what Electron itself says of its processes. */
export async function enginePids({ app }: RunningStudio): Promise<readonly number[]> {
  return app.evaluate(({ app: electron }) =>
    electron
      .getAppMetrics()
      .filter(({ type, name }) => type === 'Utility' && name === 'Steadyframe engine')
      .map(({ pid }) => pid),
  );
}
