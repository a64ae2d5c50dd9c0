import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';

import { expect, test } from '@playwright/test';

import type { RunningStudio } from './launch.ts';
import {
  ask,
  enginePids,
  generateButton,
  makeTinyProgram,
  progressBar,
  promptBox,
  type TinyProgram,
} from './tiny-studio.ts';

test.describe.configure({ mode: 'serial' });

const RENDER = { timeout: 120_000 };
let program: TinyProgram;
let studio: RunningStudio;
const complaints: string[] = [];

/** What the page complains of: a broken policy, a failed load, a bug. */
function listen({ page }: RunningStudio): void {
  page.on('pageerror', (cause) => complaints.push(cause.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
}

test.beforeAll(async () => {
  program = await makeTinyProgram(12);
  studio = await program.launch();
  listen(studio);
});
test.afterAll(async () => {
  await studio[Symbol.asyncDispose]();
  program[Symbol.dispose]();
});

test('shows what is wrong with a prompt and puts it right with one click', async () => {
  const { page } = studio;
  await promptBox(page).fill('a red\u200B ball walks');
  await expect(page.locator('.prompt-backdrop mark')).toHaveCount(1);
  await page.locator('.findings button').click();
  await expect(promptBox(page)).toHaveValue('a red ball walks');
  await expect(promptBox(page)).toBeFocused();
  await expect(page.locator('.findings')).toHaveCount(0);
});

test('renders on Ctrl+Enter, shows every step and plays the clip', async () => {
  const { page } = studio;
  await ask(page, 'a red ball walks');
  const preview = page.locator('.picture canvas');
  await expect(preview).toBeVisible(RENDER);
  await expect(progressBar(page)).toHaveAttribute('aria-valuetext', /\w/);
  const isPainted = await preview.evaluate((element) => {
    const canvas = element as HTMLCanvasElement;
    const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
    return new Set(data).size > 8;
  });
  expect(isPainted).toBe(true);

  const video = page.locator('video');
  await expect(video).toBeVisible(RENDER);
  await expect.poll(() => video.evaluate((element) => (element as HTMLVideoElement).readyState)).toBe(4);
  const facts = await video.evaluate((element) => {
    const { duration, videoWidth, videoHeight, paused } = element as HTMLVideoElement;
    return { duration, videoWidth, videoHeight, paused };
  });
  expect(facts).toMatchObject({ videoWidth: 1280, videoHeight: 720, paused: false });
  expect(facts.duration).toBeCloseTo(9 / 8, 1);
  await expect(page.locator('.grade')).toHaveText('Full quality');
  await expect(page.locator('[aria-live=polite]')).toHaveText(/Clip delivered/);
});

test('plays, stops and steps by the keys of an editor', async () => {
  const { page } = studio;
  const scrub = page.locator('.scrub');
  const stands = (): Promise<boolean> =>
    page.locator('video').evaluate((element) => (element as HTMLVideoElement).paused);
  await page.getByRole('heading', { level: 1 }).click();
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.keyboard.press('KeyK');
  expect(await stands()).toBe(true);
  await page.keyboard.press('Home');
  await expect(scrub).toHaveValue('0');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(scrub).toHaveValue('2');
  await page.keyboard.press('ArrowLeft');
  await expect(scrub).toHaveValue('1');
  await page.keyboard.press('End');
  await expect(scrub).toHaveValue('8');
  await page.keyboard.press('KeyJ');
  await expect(scrub).not.toHaveValue('8');
  await page.keyboard.press('Space');
  await page.keyboard.press('KeyL');
  await expect.poll(stands).toBe(false);
  // A letter that is typed is a letter.
  await promptBox(page).press('k');
  expect(await stands()).toBe(false);
});

test('exports the clip to a file of the user’s choice', async () => {
  const { app, page } = studio;
  const path = program.at('export.mp4');
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, path);
  const size = page.getByLabel('Size', { exact: true }).and(page.locator('select'));
  await size.selectOption({ label: '1920 × 1080' });
  await page.getByRole('button', { name: 'Export…' }).click();
  await expect(page.getByText(/^Exported, /)).toBeVisible(RENDER);
  const ffprobe = process.env['FFPROBE_BIN'] ?? 'ffprobe';
  const report = execFileSync(
    ffprobe,
    [
      '-v',
      'error',
      '-count_frames',
      '-show_entries',
      'stream=codec_name,width,height,nb_read_frames',
      '-of',
      'json',
      path,
    ],
    { encoding: 'utf8' },
  );
  expect(JSON.parse(report)).toMatchObject({
    streams: [{ codec_name: 'h264', width: 1920, height: 1080, nb_read_frames: '9' }],
  });
});

test('cancels a job and says so', async () => {
  const { page } = studio;
  await ask(page, 'a blue ball walks');
  await expect(progressBar(page)).toBeVisible();
  await page.locator('.stage').getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('heading', { name: 'Cancelled' })).toBeVisible();
  await page.locator('.stage-message').getByRole('button', { name: 'Use this brief again' }).click();
  await expect(promptBox(page)).toHaveValue('a blue ball walks');
});

test('delivers although the engine is killed in the middle, and tells the story', async () => {
  const { page } = studio;
  await ask(page, 'a cat walks');
  await expect(page.locator('.picture canvas')).toBeVisible(RENDER);
  const pids = await enginePids(studio);
  expect(pids.length).toBe(1);
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  await expect(page.locator('.grade')).toHaveText('Repaired', RENDER);
  await expect(page.locator('.story')).toContainText('The engine crashed');
  await expect(page.locator('video')).toBeVisible();
});

test('removes a clip from the list and looks at another', async () => {
  const { page } = studio;
  const items = page.locator('.history-item');
  await expect(items).toHaveCount(3);
  await items.nth(1).hover();
  await items.nth(1).getByRole('button', { name: 'Remove this clip' }).click();
  const question = page.getByRole('dialog', { name: 'Remove this clip?' });
  await expect(question).toContainText('The film goes to the trash');
  // The key that is pressed without reading keeps everything.
  await page.keyboard.press('Enter');
  await expect(question).toBeHidden();
  await expect(items).toHaveCount(3);
  await items.nth(1).getByRole('button', { name: 'Remove this clip' }).click();
  await question.getByRole('button', { name: 'Remove the clip' }).click();
  await expect(items).toHaveCount(2);
});

test('fits the smallest window and both languages without scrolling the page', async () => {
  const { app, page } = studio;
  for (const language of ['中文', 'English']) {
    await page.getByRole('button', { name: language }).click();
    for (const [width, height] of [
      [1024, 640],
      [1280, 800],
      [1920, 1080],
    ] as const) {
      await app.evaluate(({ BrowserWindow }, [w, h]) => BrowserWindow.getAllWindows()[0]?.setContentSize(w, h), [
        width,
        height,
      ] as const);
      await expect.poll(() => page.evaluate(() => window.innerWidth)).toBe(width);
      const overflow = await page.evaluate(() => {
        const { scrollWidth, scrollHeight } = document.documentElement;
        const wide = [
          ...document.querySelectorAll(
            '.column, .stage, .header, .column-body, .bar-row, .stage-head, .history-item, .history-words, .export',
          ),
        ]
          .filter((element) => element.scrollWidth > element.clientWidth + 1)
          .map(({ className }) => className);
        return { x: scrollWidth - window.innerWidth, y: scrollHeight - window.innerHeight, wide };
      });
      expect(overflow, `${language} at ${width}`).toEqual({ x: 0, y: 0, wide: [] });
    }
  }
});

test('has a name for every control', async () => {
  const { page } = studio;
  const nameless = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('button, input, select, textarea, summary, video, [role=progressbar]')]
      .filter((element) => {
        const labels =
          element instanceof HTMLInputElement ||
          element instanceof HTMLSelectElement ||
          element instanceof HTMLTextAreaElement
            ? [...(element.labels ?? [])]
            : [];
        const names = [element.ariaLabel, ...labels.map((label) => label.textContent)];
        const own = element.matches('button, summary') ? element.textContent : '';
        return [...names, own].every((name) => (name ?? '').trim() === '');
      })
      .map(({ outerHTML }) => outerHTML.slice(0, 120)),
  );
  expect(nameless).toEqual([]);
});

test('speaks Chinese at once, and remembers language and draft over a restart', async () => {
  const { page } = studio;
  await page.getByRole('button', { name: '中文' }).click();
  await expect(generateButton(page)).toContainText('生成');
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await promptBox(page).fill('一只老虎在海滩上向右移动');
  // Closed at once: what is typed last must not be lost to the pause before saving.
  await studio[Symbol.asyncDispose]();
  expect(complaints).toEqual([]);
  studio = await program.launch();
  listen(studio);
  await expect(promptBox(studio.page)).toHaveValue('一只老虎在海滩上向右移动');
  await expect(generateButton(studio.page)).toContainText('生成');
  await expect(studio.page.locator('.history-item')).toHaveCount(2);
});

test('says that a clip’s file is gone, and how to get it back', async () => {
  await studio.page.getByRole('button', { name: 'English' }).click();
  // With a new start, as what was played once may be played from memory.
  await studio[Symbol.asyncDispose]();
  rmSync(program.at('home', 'clips'), { recursive: true });
  studio = await program.launch();
  await expect(studio.page.locator('.stage').getByRole('alert')).toContainText('same seed');
});
