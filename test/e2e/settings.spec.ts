import { readFileSync, writeFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';

import { expect, test, type Page } from '@playwright/test';

import { ask, makeTinyProgram } from './tiny-studio.ts';

/** A sound PNG of one colour; the pixel check of the preview looks for that colour. */
function redPng(side: number): Buffer {
  const row = Buffer.concat([Buffer.of(0), Buffer.alloc(side * 3, Buffer.of(255, 0, 0))]);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const parts = [
    ['IHDR', header],
    ['IDAT', deflateSync(Buffer.concat(Array.from({ length: side }, () => row)))],
    ['IEND', Buffer.alloc(0)],
  ] as const;
  const chunks = parts.map(([name, data]) => {
    const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  });
  return Buffer.concat([Buffer.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10), ...chunks]);
}

function crc32(bytes: Buffer): number {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return (sum ^ 0xffffffff) >>> 0;
}

/** How many pixels of the preview are as red as the logo. */
const redPixels = async (page: Page): Promise<number> =>
  page.locator('.stand-in-preview canvas').evaluate((element) => {
    if (!(element instanceof HTMLCanvasElement)) return -1;
    const { data = [] } = element.getContext('2d')?.getImageData(0, 0, element.width, element.height) ?? {};
    let count = 0;
    for (let i = 0; i < data.length; i += 4)
      if ((data[i] ?? 0) > 230 && (data[i + 1] ?? 0) < 25 && (data[i + 2] ?? 0) < 25) count += 1;
    return count;
  });

test('the stand-in is chosen, branded and seen by keyboard, and a bad logo is refused by its name', async () => {
  using program = await makeTinyProgram(1);
  writeFileSync(program.at('good.png'), redPng(64));
  writeFileSync(program.at('holiday.png'), 'GIF89a and not a PNG at all');
  {
    await using studio = await program.launch();
    const { app, page } = studio;
    const choose = async (filePath: string): Promise<void> =>
      app.evaluate(({ dialog }, path) => {
        dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] });
      }, filePath);
    await page.getByRole('button', { name: 'Settings' }).press('Enter');
    await page.getByRole('button', { name: 'Stand-in clip' }).press('Enter');
    await page.getByRole('radio', { name: /^Time-lapse/ }).focus();
    await page.keyboard.press('ArrowDown');
    await expect(page.getByRole('radio', { name: /^Your brand/ })).toBeChecked();
    await expect(page.getByRole('img', { name: 'Preview of the stand-in: Your brand' })).toBeVisible();
    await page.getByRole('textbox', { name: 'Name' }).press('N');
    await page.keyboard.type('orthlight');

    await choose(program.at('holiday.png'));
    await page.getByRole('button', { name: 'Choose a PNG…' }).press('Enter');
    await expect(page.getByRole('alert')).toHaveText(
      '“holiday.png” was not taken: it is no PNG, whatever its name says.',
    );
    await expect(page.getByText('A PNG of at most 4 MiB')).toBeVisible();

    await choose(program.at('good.png'));
    await page.getByRole('button', { name: 'Choose a PNG…' }).press('Enter');
    await expect(page.getByText('Your logo is in place')).toBeVisible();
    await expect(page.getByRole('alert')).toHaveCount(0);
    await expect.poll(async () => redPixels(page)).toBeGreaterThan(500);
    await page.keyboard.press('Escape');
  }
  expect(JSON.parse(readFileSync(program.at('home', 'settings.json'), 'utf8'))).toMatchObject({
    standIn: { kind: 'waiting', brand: { name: 'Northlight' }, logoPath: program.at('home', 'logo.png') },
  });
});

test('devices are chosen by keyboard, and one that can not be had is said to rest', async () => {
  test.skip(process.platform !== 'linux', 'what the runtime lacks is another thing on each system');
  using program = await makeTinyProgram(1);
  await using studio = await program.launch();
  const { page } = studio;
  const open = async (): Promise<void> => {
    await page.getByRole('button', { name: 'Settings' }).press('Enter');
    await page.getByRole('button', { name: 'Compute devices' }).press('Enter');
  };
  await open();
  const tensorrt = page.getByRole('checkbox', { name: 'TensorRT (NVIDIA)' });
  // The engine tells what its runtime has nothing for.
  await expect(page.getByRole('checkbox', { name: 'Core ML (Apple)' })).toBeDisabled();
  await expect(page.getByRole('checkbox', { name: 'Processor' })).toBeChecked();
  await expect(page.getByText('Computes now.')).toHaveCount(1);
  await tensorrt.focus();
  await page.keyboard.press('Space');
  await expect(tensorrt).toBeChecked();
  await expect(tensorrt).toBeFocused();
  await page.keyboard.press('Escape');

  await ask(page, 'a lamp swings slowly');
  await expect(page.getByText('Switched to another compute device').first()).toBeVisible({ timeout: 60_000 });
  await open();
  await expect(page.getByText(/^Needs the maker’s libraries.*It failed: left alone until \d\d:\d\d\.$/)).toBeVisible();
  await tensorrt.press('Space');
  await expect(tensorrt).not.toBeChecked();
  const kept = async (): Promise<unknown> => JSON.parse(readFileSync(program.at('home', 'settings.json'), 'utf8'));
  expect(await kept()).toMatchObject({ providers: [] });
});
