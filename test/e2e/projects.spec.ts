import { expect, test } from '@playwright/test';

import { ask, generateButton, makeTinyProgram } from './tiny-studio.ts';

test('a project is made, named and left by keyboard, and shows its own clips alone, after a restart too', async () => {
  using program = await makeTinyProgram(1);
  {
    await using studio = await program.launch();
    const { page } = studio;
    await ask(page, 'a red ball in a yellow room');
    await expect(page.locator('.history-item')).toHaveCount(1);

    await page.getByRole('button', { name: /^Project: First project/ }).press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Projects' });
    await dialog.getByRole('textbox', { name: 'Name of the project' }).press('N');
    await page.keyboard.type('ight market');
    await page.keyboard.press('Enter');
    await expect(dialog).toBeHidden();
    await expect(page.locator('.history-item')).toHaveCount(0);
    await expect(page.getByRole('button', { name: /^Project: Night market/ })).toBeFocused();

    await ask(page, 'a cat on a roof');
    await expect(page.locator('.history-prompt')).toHaveText(['a cat on a roof']);
    await expect(page.locator('.grade')).toBeVisible({ timeout: 120_000 });

    await page.getByRole('button', { name: '中文' }).press('Enter');
    await page.getByRole('button', { name: /^项目：Night market/ }).press('Enter');
    await page.getByRole('button', { name: '重命名“第一个项目”' }).press('Enter');
    await page.keyboard.type('night MARKET');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('alert').filter({ hasText: '已有同名项目' })).toBeVisible();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('草稿');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('button', { name: '重命名“草稿”' })).toBeVisible();
    await page.keyboard.press('Escape');
    // What was chosen is on disk a moment later.
    await page.waitForTimeout(600);
  }
  await using again = await program.launch();
  const { page } = again;
  await expect(generateButton(page)).toBeVisible();
  await expect(page.getByRole('button', { name: /^项目：Night market/ })).toBeVisible();
  await expect(page.locator('.history-prompt')).toHaveText(['a cat on a roof']);
  await page.getByRole('button', { name: /^项目：/ }).press('Enter');
  await page.getByRole('button', { name: /草稿.*1 个片段/ }).press('Enter');
  await expect(page.locator('.history-prompt')).toHaveText(['a red ball in a yellow room']);

  await page.getByRole('button', { name: /^项目：/ }).press('Enter');
  // The first one is always there.
  await expect(page.getByRole('button', { name: '删除“草稿”' })).toHaveCount(0);
  await page.getByRole('button', { name: '删除“Night market”' }).press('Enter');
  const question = page.getByRole('dialog', { name: '要删除“Night market”吗？' });
  await expect(question).toContainText('1 个片段将从列表中移除');
  await page.keyboard.press('Escape');
  await expect(question).toBeHidden();
  await page.getByRole('button', { name: '删除“Night market”' }).press('Enter');
  await question.getByRole('button', { name: '删除项目' }).click();
  await expect(page.getByRole('button', { name: /Night market/ })).toHaveCount(0);
});
