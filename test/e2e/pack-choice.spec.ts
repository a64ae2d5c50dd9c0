import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';

import { expect, test, type Page } from '@playwright/test';

import { writeTinyPack } from '../fixture/tiny-pack.ts';
import { generateButton, makeTinyProgram, promptBox } from './tiny-studio.ts';

/** A run of the fault lab in which the pack is found to be damaged at the start. */
async function spoilPack(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Fault lab' }).press('Enter');
  await page.getByLabel('Fault', { exact: true }).selectOption('pack-corrupt');
  await page.getByRole('button', { name: 'Run the experiment' }).press('Enter');
}

test('automatic lets another pack take over; a pack that was chosen is the only one', async () => {
  using program = await makeTinyProgram(1);
  const folder = program.at('program', 'models', 'other', 'pack');
  await writeTinyPack(folder);
  const manifest = JSON.parse(readFileSync(`${folder}/pack.json`, 'utf8')) as object;
  const name = { en: 'Other', zh: '另一个' };
  writeFileSync(`${folder}/pack.json`, JSON.stringify({ ...manifest, id: 'other', name }));
  {
    await using studio = await program.launch();
    const { page } = studio;
    const choice = page.getByRole('combobox', { name: 'Model pack' });
    await expect(choice.locator('option:checked')).toHaveText('Automatic: Other');
    await promptBox(page).fill('a red ball in a yellow room');
    await spoilPack(page);
    await expect(page.locator('.story')).toContainText('pack');
    await expect(page.locator('.story').getByText('helped')).toBeVisible();

    await choice.selectOption('other');
    await expect(page.getByText('This pack and no other, even if it fails.')).toBeVisible();
    await spoilPack(page);
    await expect(page.locator('.grade.is-fallback')).toBeVisible({ timeout: 60_000 });
  }
  // Damaged on disk: automatic passes it over, and who has chosen it is told why nothing can be made.
  appendFileSync(`${folder}/low.onnx`, 'x');
  await using again = await program.launch();
  const { page } = again;
  await expect(page.getByText(/^This pack is damaged \(low\.onnx has/)).toBeVisible();
  await expect(generateButton(page)).toBeDisabled();
  await page.getByRole('combobox', { name: 'Model pack' }).selectOption('');
  await expect(page.locator('option:checked').first()).toHaveText(/^Automatic: (?!Other)/);
  await expect(generateButton(page)).toBeEnabled();
});
