import { z } from 'zod';

/**
 * The part of a pack's calibration that frames are judged by: what its own healthy clips show at most, or at least. A monitor adds its
 * margin; the numbers here are what was measured.
 */
export const frameCalibration = z.strictObject({
  version: z.literal(1),
  clipCount: z.int().positive(),
  frameCount: z.int().positive(),
  /** What lies between the darkest and the brightest pixels of a frame, 0..1: the lowest of all frames. */
  rangeLow: z.number().nonnegative(),
  /** Mean luma, 0..1. */
  lumaLow: z.number().nonnegative(),
  lumaHigh: z.number().nonnegative(),
  /** Grain of a frame and of the change between two, 0..1: the highest. */
  grainHigh: z.number().nonnegative(),
  stepGrainHigh: z.number().nonnegative(),
  /** Change from frame to frame, 0..1, of the stillest step of all clips. */
  changeLow: z.number().nonnegative(),
  /** PSNR of neighbours, dB: the lowest. Null where no two neighbours differ. */
  psnrLowDb: z.number().nullable(),
  ssimLow: z.number(),
  /** Brightening or darkening that comes back within a few frames, as a ratio to the frame: the strongest. */
  flashHigh: z.number().nonnegative(),
  /**
   * How large each step of the decoder's beat is, as a factor: it makes several frames at once and may step more at its seams. Frame i's
   * step from i − 1 is in phase i modulo the length; [1] where there is no beat.
   */
  beat: z.array(z.number().positive()).min(1).readonly(),
  /** A step against the largest ones around it, the beat left out: the highest ratio. */
  spikeHigh: z.number().nonnegative(),
  /** Of raft-mini; null where no flow was measured. Pixels at the size of the rung. */
  flow: z
    .strictObject({
      magnitudeHighPx: z.number().nonnegative(),
      entropyLowBits: z.number().nonnegative(),
      entropyHighBits: z.number().nonnegative(),
      warpErrorHigh: z.number().nonnegative(),
    })
    .nullable(),
});
export type FrameCalibration = z.infer<typeof frameCalibration>;
