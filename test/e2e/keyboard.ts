import { expect, type Locator, type Page } from '@playwright/test';

const MOST_TABS = 140;

/**
 * Go to a control as somebody without a mouse does: by Tab alone. Every stop on the way must be seen to have the focus.
 *
 * @throws where Tab never gets there
 */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  for (let count = 0; count < MOST_TABS; count += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
    expect(await unseenFocus(page)).toBeNull();
  }
  throw new Error(`Tab does not lead to ${String(target)}`);
}

/** What has the focus without showing it; null when it shows, or nothing has it. */
const unseenFocus = (page: Page): Promise<string | null> =>
  page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body || element === document.documentElement) return null;
    // A choice may show the focus on the card around it.
    const shown = [element, element.closest('label'), element.parentElement].some((one) => {
      if (!one) return false;
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one);
      return (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) || boxShadow !== 'none';
    });
    return shown ? null : element.outerHTML.slice(0, 160);
  });

/** Text of the page that stands out from its ground by less than 4.5 to 1, as WCAG counts it. Disabled controls may be fainter. */
export const faintTexts = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    type Rgba = readonly [number, number, number, number];
    const pen = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
    const rgbaOf = (colour: string): Rgba => {
      if (!pen) return [0, 0, 0, 0];
      pen.clearRect(0, 0, 1, 1);
      pen.fillStyle = colour;
      pen.fillRect(0, 0, 1, 1);
      const [red = 0, green = 0, blue = 0, alpha = 0] = pen.getImageData(0, 0, 1, 1).data;
      return [red, green, blue, alpha / 255];
    };
    const over = (top: Rgba, below: Rgba): Rgba => {
      const mix = (i: 0 | 1 | 2): number => top[i] * top[3] + below[i] * (1 - top[3]);
      return [mix(0), mix(1), mix(2), 1];
    };
    const groundOf = (element: Element): Rgba => {
      const layers: Rgba[] = [];
      for (let one: Element | null = element; one; one = one.parentElement)
        layers.push(rgbaOf(getComputedStyle(one).backgroundColor));
      return layers.reduceRight<Rgba>((below, top) => over(top, below), [16, 18, 20, 1]);
    };
    const luminance = ([red, green, blue]: Rgba): number => {
      const [r = 0, g = 0, b = 0] = [red, green, blue].map((value) => {
        const part = value / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const faint: string[] = [];
    for (const element of document.querySelectorAll<HTMLElement>('body *')) {
      const own = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim());
      if (!own || element.closest('.for-ears, :disabled, [aria-disabled=true], .marked-prompt, option')) continue;
      if (!element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })) continue;
      const ground = groundOf(element);
      const text = over(rgbaOf(getComputedStyle(element).color), ground);
      const [light = 0, dark = 0] = [luminance(text), luminance(ground)].toSorted((a, b) => b - a);
      const ratio = (light + 0.05) / (dark + 0.05);
      if (ratio < 4.5)
        faint.push(`${ratio.toFixed(2)} ${element.className} ${element.textContent?.slice(0, 40) ?? ''}`);
    }
    return [...new Set(faint)];
  });
