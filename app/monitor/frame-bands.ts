import type { FrameCalibration } from '../contract/calibration-frames.ts';

/** The lines that frames are judged by. Each is a plain number; `source` says whether the pack's healthy clips had a say. */
export interface FrameBands {
  readonly source: 'default' | 'calibration';
  /** Less than this between darkest and brightest pixels: there is nothing to see, whatever the level. 0..1. */
  readonly flatRange: number;
  /** The same where the mean luma is at or below black, or at or above white: what is left there is no picture. 0..1. */
  readonly emptyRange: number;
  readonly blackLuma: number;
  readonly whiteLuma: number;
  /** Grain above this is noise, in a frame and in what is new in it; standard deviation, 0..1. */
  readonly noiseGrain: number;
  /** Change at or below this is none: two copies of one picture, give or take an encoder. 0..1. */
  readonly frozenChange: number;
  /** As many seconds without any change are a freeze. */
  readonly frozenSeconds: number;
  /** Brightening that comes back at once: as a ratio, where it happens once and where it goes on and on. */
  readonly flashRatio: number;
  readonly flickerRatio: number;
  /** Known factors of the decoder's beat; null: to be found in the clip itself. */
  readonly beat: readonly number[] | null;
  /** A step this many times the largest ones around it is a jump; there and back again, less is enough. */
  readonly spikeRatio: number;
  readonly slipRatio: number;
  /** And its PSNR, dB, is below this. */
  readonly psnrFaultDb: number;
  /** Mean flow, in pixels, and change that the flow leaves, 0..1, beyond what healthy clips have; null where no pack says. */
  readonly flowSpikePx: number | null;
  readonly warpError: number | null;
}

export const defaultFrameBands: FrameBands = {
  source: 'default',
  flatRange: 0.012,
  emptyRange: 0.08,
  blackLuma: 0.01,
  whiteLuma: 0.99,
  noiseGrain: 0.016,
  frozenChange: 0.0004,
  frozenSeconds: 0.2,
  flashRatio: 0.1,
  flickerRatio: 0.05,
  beat: null,
  // As far as clips of a decoder that is not calibrated may step: a jump that is missed costs less than a sound clip made anew.
  spikeRatio: 3.2,
  slipRatio: 1.5,
  psnrFaultDb: 20,
  flowSpikePx: null,
  warpError: null,
};

/** How far beyond the healthiest extreme a figure must be. */
const MARGIN = 1.5;
/** Noise weaker than this can hardly be seen, however clean a pack's own clips are. */
const VISIBLE_GRAIN = 0.012;
const NOISE_MARGIN = 4;
const SPIKE_MARGIN = 1.2;
const PSNR_MARGIN_DB = 1;
/** A pack whose healthy clips seem to jump has some that are not healthy. */
const MOST_SPIKE_RATIO = 4;

/** The default lines, moved to where this pack's own healthy clips allow or demand it. */
export function bandsOf(calibration: FrameCalibration | null): FrameBands {
  if (!calibration) return defaultFrameBands;
  const { rangeLow, grainHigh, stepGrainHigh, changeLow, psnrLowDb, flashHigh, spikeHigh, beat, flow } = calibration;
  const bands = defaultFrameBands;
  return {
    ...bands,
    source: 'calibration',
    flatRange: Math.min(bands.flatRange, rangeLow / MARGIN),
    emptyRange: Math.min(bands.emptyRange, rangeLow / MARGIN),
    noiseGrain: Math.max(VISIBLE_GRAIN, Math.min(bands.noiseGrain, Math.max(grainHigh, stepGrainHigh) * NOISE_MARGIN)),
    // A pack whose still scenes are truly still must not be called frozen for it.
    frozenChange: Math.min(bands.frozenChange, changeLow / MARGIN),
    flashRatio: Math.max(bands.flashRatio, flashHigh * MARGIN),
    flickerRatio: Math.max(bands.flickerRatio, flashHigh * MARGIN),
    beat,
    spikeRatio: Math.max(bands.spikeRatio, Math.min(MOST_SPIKE_RATIO, spikeHigh * SPIKE_MARGIN)),
    psnrFaultDb: Math.min(bands.psnrFaultDb, (psnrLowDb ?? Infinity) - PSNR_MARGIN_DB),
    flowSpikePx: flow && flow.magnitudeHighPx * MARGIN,
    warpError: flow && flow.warpErrorHigh * MARGIN,
  };
}
