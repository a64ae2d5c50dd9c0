import type { RunReport } from '../contract/report.ts';
import type { FlowFigures } from './flow.ts';
import type { FrameFigures } from './frame.ts';

/**
 * The figures of each frame as the report keeps them. The first frame has luma alone. A figure that can't be had is null: the flow without a
 * flow model, and the PSNR of two frames that are the same, which is infinite (their SSIM is then 1).
 *
 * @param flow  [frames − 1] from each frame to the next, or empty
 */
export function frameHealth(
  frames: readonly FrameFigures[],
  flow: readonly (FlowFigures | null)[],
): RunReport['health']['frames'] {
  return frames.map(({ luma, step }, i) => {
    const motion = flow[i - 1] ?? null;
    return {
      luma,
      psnrDb: step?.psnrDb ?? null,
      ssim: step?.ssim ?? null,
      flowMagnitudePx: motion?.magnitudePx ?? null,
      flowEntropyBits: motion?.entropyBits ?? null,
      warpErrorRatio: motion?.warpError ?? null,
    };
  });
}
