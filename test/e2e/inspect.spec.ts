import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test, type Page } from '@playwright/test';

import { launchStudio, temporaryHome, type RunningStudio } from './launch.ts';

let home: ReturnType<typeof temporaryHome>;
let studio: RunningStudio;

test.beforeAll(async () => {
  home = temporaryHome();
  studio = await launchStudio(join(home.path, 'home'));
});
test.afterAll(async () => {
  await studio[Symbol.asyncDispose]();
  home[Symbol.dispose]();
});

/** Drop a file as the system does: only the browser itself can make one that has a path. */
async function drop(page: Page, path: string): Promise<void> {
  const client = await page.context().newCDPSession(page);
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await client.send('Input.dispatchDragEvent', { type, x: 500, y: 300, data });
  await client.detach();
}

test('inspects a video that is dropped onto it, and leads to the bad frames', async () => {
  const { page } = studio;
  const clip = join(home.path, 'blackout.mp4');
  const blackout = "testsrc2=size=320x180:rate=16:duration=2,drawbox=t=fill:color=black:enable='between(n,12,15)'";
  execFileSync(process.env['FFMPEG_BIN'] ?? 'ffmpeg', [
    '-v',
    'error',
    '-f',
    'lavfi',
    '-i',
    blackout,
    '-pix_fmt',
    'yuv420p',
    clip,
  ]);
  await drop(page, clip);
  await expect(page.getByRole('heading', { name: 'blackout.mp4' })).toBeVisible();
  await expect(page.locator('.story')).toContainText('Frames came out black', { timeout: 60_000 });
  await expect(page.locator('.story')).toContainText('frames 13 to 16');
  await page.getByRole('button', { name: 'Show frame 13' }).click();
  await expect(page.locator('.scrub')).toHaveValue('12');
  await expect(page.locator('.strip-value').first()).toContainText('dB');
});

test('says why something can’t be inspected', async () => {
  const { page } = studio;
  const notes = join(home.path, 'notes.txt');
  writeFileSync(notes, 'no picture in here');
  await drop(page, notes);
  await expect(page.getByRole('alert')).toContainText('no video that can be read');
  await page.locator('.stage').getByRole('button', { name: 'Close' }).click();
  await expect(page.getByRole('heading', { name: 'notes.txt' })).toHaveCount(0);
});

test('gives nothing of the disk to a page that makes a file up', async () => {
  const answer = await studio.page.evaluate(() => {
    const bridge = Reflect.get(window, 'studio') as { inspect(file: object): Promise<unknown> };
    return bridge.inspect(new File(['x'], '/etc/passwd')).catch(() => 'refused');
  });
  expect([null, 'refused']).toContain(answer);
});
