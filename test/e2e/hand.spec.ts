import { expect, test, type Locator, type Page } from '@playwright/test';

import { causeNames } from '../../app/contract/list.ts';
import { en, type StudioText } from '../../renderer/locale/en.ts';
import { zh } from '../../renderer/locale/zh.ts';
import type { RunningStudio } from './launch.ts';
import { faintTexts, tabTo } from './keyboard.ts';
import { makeTinyProgram, promptBox, type TinyProgram } from './tiny-studio.ts';

const RENDER = { timeout: 90_000 };
const texts: readonly (readonly [string, StudioText, string])[] = [
  ['en', en, 'English'],
  ['zh', zh, '中文'],
];

let program: TinyProgram;
let studio: RunningStudio;

test.beforeAll(async () => {
  program = await makeTinyProgram(24);
  studio = await program.launch();
  await studio.page.emulateMedia({ reducedMotion: 'reduce' });
  await expect(studio.page.locator('.chip.is-ready')).toBeVisible(RENDER);
});
test.afterAll(async () => {
  await studio[Symbol.asyncDispose]();
  program[Symbol.dispose]();
});

const button = (within: Page | Locator, name: string): Locator => within.getByRole('button', { name, exact: true });

async function pressOn(page: Page, target: Locator, key = 'Enter'): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press(key);
}

/** Break a run at its first step, in the fault lab. */
async function breakRun(page: Page, text: StudioText): Promise<void> {
  await pressOn(page, button(page, text.labOpen));
  await pressOn(page, button(page, text.labRun));
}

/** Nothing moves for somebody who does not want it to. */
const movements = (page: Page): Promise<number> =>
  page.evaluate(() => document.getAnimations().filter(({ playState }) => playState === 'running').length);

for (const [locale, text, language] of texts)
  test(`before, during and after a fault the user decides, by keyboard alone (${locale})`, async () => {
    const { page } = studio;
    await pressOn(page, page.getByRole('button', { name: language, exact: true }));

    // Before: ask for everything, never shrink the picture, wait nine seconds.
    const settings = button(page, text.settings);
    await pressOn(page, settings);
    const dialog = page.getByRole('dialog', { name: text.settings });
    await pressOn(page, button(dialog, text.stance.ask));
    const fewerFrames = dialog.getByRole('group', { name: text.cure['fewer-frames'] });
    await tabTo(page, fewerFrames.getByRole('radio', { name: text.stance.ask }));
    await page.keyboard.press('ArrowRight');
    await expect(fewerFrames.getByRole('radio', { name: text.stance.never })).toBeChecked();
    await tabTo(page, dialog.getByRole('spinbutton', { name: text.countdown }));
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('30');
    expect(await faintTexts(page), 'settings').toEqual([]);
    await page.keyboard.press('Escape');
    await expect(settings).toBeFocused();

    // During: the question takes the focus, counts down, waits when it is told to, and offers more than one way.
    await tabTo(page, promptBox(page));
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('a red ball in a yellow room');
    await breakRun(page, text);
    const question = page.getByRole('alertdialog');
    await expect(button(question, text.doNow)).toBeFocused(RENDER);
    await expect(question.locator('.banner-plan')).toHaveText(
      new RegExp(text.willDo('.*', 0).split('.*')[0]?.replace('0', '\\d+') ?? ''),
    );
    expect(await movements(page)).toBe(0);
    expect(await faintTexts(page), 'question').toEqual([]);
    await pressOn(page, button(question, text.hold));
    await expect(question.locator('.banner-plan')).toContainText(text.willWait('').slice(-8));
    await pressOn(page, question.getByRole('checkbox', { name: text.remember }), 'Space');
    await pressOn(page, question.locator('.way').filter({ hasText: text.way['new-seed'] }));
    await expect(question).toHaveCount(0);

    // The cure that is under way can be taken back.
    const curing = page.getByRole('region', { name: text.bannerCuring });
    await pressOn(page, button(curing, text.otherWay));
    await pressOn(page, button(curing, text.keepFull));
    const grade = page.locator('.stage-head .grade');
    await expect(grade).toBeVisible(RENDER);

    // After: the badge leads to the story; the tree says why.
    await pressOn(page, grade);
    const story = page.getByRole('region', { name: text.story, exact: true });
    await expect(story).toBeFocused();
    await expect(story).toContainText(text.byUser);
    expect(await faintTexts(page), 'story').toEqual([]);
    await pressOn(page, button(story, text.treeWhole));
    const tree = page.getByRole('tree', { name: text.treeWholeTitle });
    await expect(tree.getByRole('treeitem', { level: 1 })).toHaveCount(causeNames.length);
    await expect(tree.locator('.whole-cause.is-met')).not.toHaveCount(0);
    await page.keyboard.press('ArrowRight');
    await expect(page.getByRole('tooltip')).toContainText(text.treePrice);
    const chip = tree.locator('.tree-chip').first();
    const heightPx = async (): Promise<number> => (await chip.boundingBox())?.height ?? 0;
    const plainPx = await heightPx();
    await page.keyboard.press('+');
    await expect.poll(heightPx).toBeGreaterThan(plainPx);
    expect(await faintTexts(page), 'tree').toEqual([]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await expect(tree).toHaveCount(0);

    // What was to be remembered is, and can be forgotten.
    await pressOn(page, settings);
    await expect(dialog.locator('.preferences')).toContainText(text.way['new-seed']);
    await pressOn(page, button(dialog, text.forget));
    await expect(dialog.locator('.preferences li')).toHaveCount(0);
    await pressOn(page, button(dialog, text.stance.automatic));
    await page.keyboard.press('Escape');

    // Once more with nothing given away; this time it repairs itself.
    const clips = page.locator('.history-item');
    await page.getByRole('tab', { name: text.tab.log }).press('ArrowRight');
    const before = await clips.count();
    await pressOn(page, button(story, text.againFull));
    await expect(clips).toHaveCount(before + 1);
    await expect(grade).toBeVisible(RENDER);
    expect(await faintTexts(page), 'done').toEqual([]);
  });
