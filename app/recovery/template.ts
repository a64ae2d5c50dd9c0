/**
 * Up to this cosine distance two prompts ask for the same scene, where a pack was never calibrated for it; and never beyond it: an encoder that
 * keeps strangers far apart (0.38 for one in two hundred) still has scenes that differ in one word close together (0.17 for left and right).
 */
export const SAME_SCENE_DISTANCE = 0.1;
/**
 * Of pairs of prompts for different scenes so many may lie nearer: with ten templates at hand one of another scene is near in one run of
 * twenty. A tenth of it costs half of the paraphrases that are found (`npm run packs -- templates`).
 */
const STRANGERS_SHARE = 0.005;
/** So many pairs are enough for that share. */
const MOST_PROMPTS = 800;

/** A pack's own distance, by embeddings of prompts that ask for different scenes; null for too few of them. */
export function sameSceneDistance(strangers: readonly ArrayLike<number>[]): number | null {
  const some = strangers.slice(0, MOST_PROMPTS);
  const distances = some
    .flatMap((a, i) => some.slice(i + 1).map((b) => cosineDistance(a, b)))
    .filter((distance) => distance !== null)
    .toSorted((a, b) => a - b);
  const place = Math.floor(distances.length * STRANGERS_SHARE);
  return place === 0 ? null : Math.min(distances[place] as number, SAME_SCENE_DISTANCE);
}

/** Two wordings of one scene, and a wording of another that differs in one thing alone, as embeddings. */
export type Wordings = readonly [ArrayLike<number>, ArrayLike<number>, ArrayLike<number>];

export interface TemplateFigures {
  readonly distance: number;
  /** Shares of paraphrases, of scenes that differ in one thing, and of other scenes that count as the same. */
  readonly paraphrases: number;
  readonly neighbours: number;
  readonly strangers: number;
  /** Of a paraphrase and a stranger that count as the same, how many are the paraphrase. */
  readonly precision: number | null;
}

/** What a distance is worth, by wordings that it was not chosen by. */
export function templateFigures(wordings: readonly Wordings[], distance: number): TemplateFigures {
  const share = (pairs: readonly (readonly [ArrayLike<number>, ArrayLike<number>])[]): number =>
    pairs.filter(([a, b]) => (cosineDistance(a, b) ?? Infinity) <= distance).length / Math.max(1, pairs.length);
  const paraphrases = share(wordings.map(([one, other]) => [one, other]));
  const strangers = share(wordings.flatMap(([a], i) => wordings.slice(i + 1).map(([b]) => [a, b] as const)));
  return {
    distance,
    paraphrases,
    neighbours: share(wordings.map(([one, , neighbour]) => [one, neighbour])),
    strangers,
    precision: paraphrases + strangers === 0 ? null : paraphrases / (paraphrases + strangers),
  };
}

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

/**
 * The nearest of these that asks for the same scene.
 *
 * @param within  the distance up to which that is so
 */
export function nearestTemplate<T extends { readonly pooled: ArrayLike<number> }>(
  templates: readonly T[],
  pooled: ArrayLike<number>,
  within: number = SAME_SCENE_DISTANCE,
): { readonly template: T; readonly distance: number } | null {
  let best: { readonly template: T; readonly distance: number } | null = null;
  for (const template of templates) {
    const distance = cosineDistance(template.pooled, pooled);
    if (distance === null || distance > within) continue;
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
