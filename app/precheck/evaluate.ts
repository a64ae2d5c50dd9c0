import { findingKinds } from '../contract/list.ts';
import type { Finding } from '../contract/report.ts';

type Kind = Finding['kind'];

/** A prompt and the findings that people who write prompts would expect for it. */
export interface LabelledPrompt {
  readonly prompt: string;
  readonly kinds: readonly Kind[];
}

/**
 * One prompt a line below a heading `# kind,kind` (`# -`: nothing to find); `\u200b` and `\u{e0068}` stand for characters
 * that an editor would not show.
 */
export function parseLabelled(text: string): readonly LabelledPrompt[] {
  let kinds: readonly Kind[] = [];
  const prompts: LabelledPrompt[] = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('# ')) kinds = findingKinds.filter((kind) => line.slice(2).split(',').includes(kind));
    else if (line !== '')
      prompts.push({
        prompt: line.replace(
          /\\u(?:\{([0-9a-f]+)\}|([0-9a-f]{4}))/g,
          (_, long: string | undefined, short: string | undefined) =>
            String.fromCodePoint(Number.parseInt(long ?? short ?? '', 16)),
        ),
        kinds,
      });
  }
  return prompts;
}

export interface Score {
  readonly kind: Kind;
  readonly expected: number;
  readonly found: number;
  readonly right: number;
  /** Null where nothing was found, or nothing expected. */
  readonly precision: number | null;
  readonly recall: number | null;
}

/** A prompt on which expectation and finding differ. */
export interface Miss extends LabelledPrompt {
  readonly found: readonly Kind[];
}

/** How well findings agree with labels, by kind. */
export function scorePrompts(
  labelled: readonly LabelledPrompt[],
  check: (prompt: string) => readonly Kind[],
): { readonly scores: readonly Score[]; readonly misses: readonly Miss[] } {
  const judged = labelled.map((one): Miss => ({
    ...one,
    found: findingKinds.filter((kind) => check(one.prompt).includes(kind)),
  }));
  const scores = findingKinds.map((kind) => {
    const expected = judged.filter(({ kinds }) => kinds.includes(kind)).length;
    const found = judged.filter((one) => one.found.includes(kind)).length;
    const right = judged.filter((one) => one.found.includes(kind) && one.kinds.includes(kind)).length;
    return { kind, expected, found, right, precision: ratio(right, found), recall: ratio(right, expected) };
  });
  const misses = judged.filter(
    ({ kinds, found }) => kinds.length !== found.length || kinds.some((kind) => !found.includes(kind)),
  );
  return { scores: scores.filter(({ expected, found }) => expected + found > 0), misses };
}

const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
