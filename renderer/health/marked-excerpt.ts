interface Mark {
  readonly from: number;
  readonly to: number;
}

/** An excerpt cut where what was found begins and ends; marks are in order and do not overlap. */
export function cutByMarks(
  excerpt: string,
  marks: readonly Mark[],
): readonly { readonly text: string; readonly isMarked: boolean }[] {
  const pieces: { text: string; isMarked: boolean }[] = [];
  let at = 0;
  for (const { from, to } of marks) {
    if (from > at) pieces.push({ text: excerpt.slice(at, from), isMarked: false });
    if (to > Math.max(at, from)) pieces.push({ text: excerpt.slice(Math.max(at, from), to), isMarked: true });
    at = Math.max(at, to);
  }
  if (at < excerpt.length) pieces.push({ text: excerpt.slice(at), isMarked: false });
  return pieces;
}
