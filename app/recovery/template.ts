/**
 * Up to this cosine distance two prompts ask for the same scene. Measured on wan-mini: paraphrases, in Chinese and English, lie at 0.08 (median),
 * other scenes at 0.19 and more, of which the nearest differ in the place alone (test/main/recovery/template-distance.test.ts).
 */
export const SAME_SCENE_DISTANCE = 0.18;

/** 0 for the same direction, 1 for none in common, 2 for the opposite; null where one of them has no direction. */
export function cosineDistance(a: ArrayLike<number>, b: ArrayLike<number>): number | null {
  if (a.length !== b.length) return null;
  let dot = 0;
  let squaresA = 0;
  let squaresB = 0;
  for (let i = 0; i < a.length; i += 1) {
    const [x, y] = [a[i] as number, b[i] as number];
    dot += x * y;
    squaresA += x * x;
    squaresB += y * y;
  }
  const distance = 1 - dot / Math.sqrt(squaresA * squaresB);
  return Number.isFinite(distance) ? Math.max(0, distance) : null;
}

/** The nearest of these that asks for the same scene. */
export function nearestTemplate<T extends { readonly pooled: ArrayLike<number> }>(
  templates: readonly T[],
  pooled: ArrayLike<number>,
): { readonly template: T; readonly distance: number } | null {
  let best: { readonly template: T; readonly distance: number } | null = null;
  for (const template of templates) {
    const distance = cosineDistance(template.pooled, pooled);
    if (distance === null || distance > SAME_SCENE_DISTANCE) continue;
    if (best === null || distance < best.distance) best = { template, distance };
  }
  return best;
}

export interface TemplateLimits {
  readonly count: number;
  readonly bytes: number;
}
export const TEMPLATE_LIMITS: TemplateLimits = { count: 200, bytes: 512 * 1024 * 1024 };

/** Those that go when the store is too large: the ones that were used least recently. */
export function overdue<T extends { readonly usedAtMs: number; readonly bytes: number }>(
  templates: readonly T[],
  limits: TemplateLimits,
): readonly T[] {
  let bytes = 0;
  return templates
    .toSorted((a, b) => b.usedAtMs - a.usedAtMs)
    .filter((template, i) => {
      bytes += template.bytes;
      return i >= limits.count || bytes > limits.bytes;
    });
}
