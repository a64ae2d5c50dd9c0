import type { FlowFigures } from './flow.ts';
import { median, rounded, runsOf, type Found } from './found.ts';
import type { FrameBands } from './frame-bands.ts';

/** Fewer figures say nothing of what is usual. */
const FEWEST_FIGURES = 4;
/** So many times what is usual in the clip is a spike, if it is beyond the line of the pack as well. */
const SPIKE_RATIO = 3;
/** Where no pack says what healthy clips have: mean flow as a part of the width, and mean change that the flow leaves, 0..1. */
const SPIKE_SHARE = 0.08;
const WARP_ERROR = 0.08;
/** Less than this in both, and the frame is the one before once more: it says nothing of what is usual. */
const COPY_SHARE = 0.0005;
const COPY_ERROR = 0.003;

/**
 * Steps in which everything moves far more than in the steps around, and such as the flow does not explain: what it brings back differs. Both are warnings: a cut, a
 * sudden move of the camera and a picture that falls apart look the same to the flow alone.
 *
 * @param flow  [frames − 1]; null where it is not known, and nothing is said of that step
 */
export function findFlowBreaks(
  flow: readonly (FlowFigures | null)[],
  bands: FrameBands,
  widthPx: number,
  isExplained: (frame: number) => boolean,
): readonly Found[] {
  const known = flow.flatMap((figures) => (figures ? [figures] : []));
  if (known.length < FEWEST_FIGURES) return [];
  const moving = known.filter(
    ({ magnitudePx, warpError }) => magnitudePx > COPY_SHARE * widthPx || warpError > COPY_ERROR,
  );
  const usualPx = median(moving.map(({ magnitudePx }) => magnitudePx));
  const usualError = median(moving.map(({ warpError }) => warpError));
  const flowLimitPx = Math.max(SPIKE_RATIO * usualPx, bands.flowSpikePx ?? SPIKE_SHARE * widthPx);
  const errorLimit = Math.max(SPIKE_RATIO * usualError, bands.warpError ?? WARP_ERROR);
  const isBeyond = (frame: number, beyond: (figures: FlowFigures) => boolean): boolean => {
    const figures = flow[frame - 1];
    return !!figures && !isExplained(frame) && !isExplained(frame - 1) && beyond(figures);
  };
  const found = (cause: string, beyond: (figures: FlowFigures) => boolean): readonly Found[] =>
    runsOf(flow.length + 1, (frame) => isBeyond(frame, beyond)).map(([firstFrame, lastFrame]) => {
      const here = flow.slice(firstFrame - 1, lastFrame).flatMap((figures) => (figures ? [figures] : []));
      const evidence = {
        cause,
        flowPx: rounded(Math.max(...here.map(({ magnitudePx }) => magnitudePx))),
        flowLimitPx: rounded(flowLimitPx),
        flowEntropyBits: rounded(Math.max(...here.map(({ entropyBits }) => entropyBits))),
        warpError: rounded(Math.max(...here.map(({ warpError }) => warpError))),
        warpErrorLimit: rounded(errorLimit),
        knownSteps: known.length,
      };
      return { kind: 'motion-implausible', firstFrame, lastFrame, evidence, severity: 'warning' };
    });
  const spikes = found('flow-spike', ({ magnitudePx }) => magnitudePx > flowLimitPx);
  const isSpike = (frame: number): boolean =>
    spikes.some(({ firstFrame, lastFrame }) => frame >= firstFrame && frame <= lastFrame);
  const torn = found('warp-error', ({ warpError }) => warpError > errorLimit);
  // One step is told once.
  return [...spikes, ...torn.filter(({ firstFrame }) => !isSpike(firstFrame))];
}
