/** Something that a command said, and when it was heard. */
export interface Line {
  readonly text: string;
  readonly atMs: number;
  /** What the command had waited for a processor by then, by the kernel's account; null where that is not kept. */
  readonly waitedMs: number | null;
}

/**
 * From the last fault that was named to each decision, less the time in which the command was ready to go on and others had the
 * processor: on a crowded machine that would say how crowded it is.
 */
export function decisionTimes(lines: readonly Line[]): readonly number[] {
  let named: Line | null = null;
  const times: number[] = [];
  for (const line of lines) {
    if (line.text.startsWith('fault ')) named = line;
    if (!line.text.startsWith('recovery ') || named === null) continue;
    const waitedMs = line.waitedMs === null || named.waitedMs === null ? 0 : line.waitedMs - named.waitedMs;
    times.push(Math.max(0, line.atMs - named.atMs - waitedMs));
    named = null;
  }
  return times;
}
