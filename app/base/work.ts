/**
 * Computing that can be laid aside after each of its pieces: every `yield` is such a place. What takes longer than a few
 * milliseconds is written like this, so that whoever runs it decides when others get their turn.
 */
export type Work<T> = Generator<void, T, void>;

/** All of it at once: for those who have nobody to keep waiting. */
export function whole<T>(work: Work<T>): T {
  for (;;) {
    const piece = work.next();
    if (piece.done === true) return piece.value;
  }
}
