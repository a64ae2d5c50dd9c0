import { setImmediate } from 'node:timers/promises';

import type { Work } from '../../app/base/work.ts';

/** Main does nothing else for about so long; then it is others' turn. */
const PIECE_MS = 12;

/** Carry out work on the main process in pieces, so that the window is answered in between. */
export async function inTurns<T>(work: Work<T>): Promise<T> {
  for (;;) {
    const untilMs = performance.now() + PIECE_MS;
    do {
      const piece = work.next();
      if (piece.done === true) return piece.value;
    } while (performance.now() < untilMs);
    await setImmediate();
  }
}
