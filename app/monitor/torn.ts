import type { FrameFigures } from './frame.ts';
import { rounded, runsOf, type Found } from './found.ts';
import { MIN_APART_LEAP, MIN_PROOF } from './tear.ts';

/**
 * Frames of which a part has slipped to the side, or up or down.
 *
 * @param isLeap  the whole picture is elsewhere from this frame on, so that nothing is said of those before it
 */
export function findTornFrames(
  frames: readonly FrameFigures[],
  isExplained: (i: number) => boolean,
  isLeap: (i: number) => boolean,
): readonly Found[] {
  const torn = new Set<number>();
  frames.forEach(({ tear }, i) => {
    if (!tear || isExplained(i)) return;
    if (isLeap(i) && (tear.side === 'before' || tear.apart < MIN_APART_LEAP)) return;
    if (tear.side === 'this') torn.add(i);
    // Sound again: the tear has been there since the last frame that was told apart, or since the beginning.
    else for (let j = i - 1; j >= 0 && !isExplained(j) && !torn.has(j); j -= 1) torn.add(j);
  });
  return runsOf(frames.length, (i) => torn.has(i)).map(([firstFrame, lastFrame]) => {
    const tear = frames.slice(firstFrame, lastFrame + 2).find((frame) => frame.tear)?.tear;
    const { direction = '', rowPx = 0, shiftPx = 0, edge = 0, undoneRatio = 0, widthPx = 0 } = tear ?? {};
    const { noveltyRatio = 0, fitRatio = 0, proof = 0 } = tear ?? {};
    const evidence = {
      ...{ direction, rowPx, shiftPx, ofWidthPx: widthPx, edge: rounded(edge) },
      ...{ undoneRatio: rounded(undoneRatio), noveltyRatio: rounded(noveltyRatio), fitRatio: rounded(fitRatio) },
      ...{ proof: rounded(proof), proofLimit: MIN_PROOF },
    };
    return { kind: 'frames-torn', firstFrame, lastFrame, evidence };
  });
}
