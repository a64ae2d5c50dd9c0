import type { Page } from '@playwright/test';

export interface PaintLatency {
  readonly count: number;
  readonly medianMs: number;
  /** Nine of ten keys are at least as fast. */
  readonly ninthMs: number;
  readonly worstMs: number;
}

interface Measured {
  readonly durationMs: number;
}

/**
 * Type into what has the focus, and measure from each key to the paint that shows it, as the browser itself does (Event Timing; it
 * rounds to 8 ms and leaves out what is faster than 16 ms, which counts as 16 here).
 */
export async function typeAndMeasure(page: Page, words: string): Promise<PaintLatency> {
  await page.evaluate(() => {
    const measured: Measured[] = [];
    Reflect.set(window, 'measured', measured);
    new PerformanceObserver((list) => {
      for (const { name, duration } of list.getEntries())
        if (name === 'keydown' || name === 'input') measured.push({ durationMs: duration });
      // TypeScript does not know the threshold yet.
    }).observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit);
  });
  for (const letter of words) {
    await page.keyboard.press(letter === ' ' ? 'Space' : letter);
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 30))));
  }
  const measured = (await page.evaluate(() => Reflect.get(window, 'measured') as unknown)) as readonly Measured[];
  const fast = Array.from({ length: Math.max(0, words.length - measured.length) }, () => 16);
  const all = [...measured.map(({ durationMs }) => durationMs), ...fast].toSorted((a, b) => a - b);
  const at = (share: number): number => all[Math.min(all.length - 1, Math.floor(all.length * share))] ?? Infinity;
  return { count: all.length, medianMs: at(0.5), ninthMs: at(0.9), worstMs: at(1) };
}
