import { setImmediate } from 'node:timers/promises';

import type { Work } from '../../app/base/work.ts';

/** Main does nothing else for about so long; then it is others' turn. */
const TURN_MS = 12;

/** As many pieces as one turn of main has time for, one at least. @param piece  says whether there is another one */
export function oneTurn(piece: () => boolean): void {
  const untilMs = performance.now() + TURN_MS;
  while (piece() && performance.now() < untilMs) continue;
}

/** Carry out work on the main process in pieces, so that the window is answered in between. */
export async function inTurns<T>(work: Work<T>): Promise<T> {
  for (;;) {
    let last = work.next();
    oneTurn(() => last.done !== true && (last = work.next()).done !== true);
    if (last.done === true) return last.value;
    await setImmediate();
  }
}
