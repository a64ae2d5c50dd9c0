import type { FrameBands } from './frame-bands.ts';
import type { FrameFigures } from './frame.ts';
import { median, rounded, runsOf, type Found } from './found.ts';

/** Beside quieter frames, this many times their grain is noise even where it is weaker than the line for a whole clip. */
const BURST_RATIO = 3;
const BURST_GRAIN = 0.012;
const AROUND_FRAMES = 8;
/** Grain of this strength all through a film is that of its camera. */
const CAMERA_GRAIN = 0.07;
const CAMERA_RATIO = 2;

/** Frames full of grain that is new in each of them. Texture that stays, or moves along, has grain but none that is new. */
export function findNoise(frames: readonly FrameFigures[], bands: FrameBands, isOneShot: boolean): readonly Found[] {
  const grainAt = (i: number): number => {
    const { grain = 0, step = null } = frames[i] ?? {};
    const next = frames[i + 1]?.step ?? null;
    // New against the frame before and gone in the one after: a jump of a textured picture is new only once.
    return Math.min(grain, step?.grain ?? Infinity, next?.grain ?? Infinity);
  };
  const grains = frames.map((_, i) => grainAt(i));
  const isNoisy = (i: number): boolean => {
    const grain = grains[i] ?? 0;
    if (grain > bands.noiseGrain) return true;
    const around = median(grains.slice(Math.max(0, i - AROUND_FRAMES), i + AROUND_FRAMES + 1));
    return grain > BURST_GRAIN && grain > BURST_RATIO * around;
  };
  const runs = runsOf(frames.length, isNoisy);
  const usual = median(grains);
  const grainOf = ([first, last]: readonly [number, number]): number => Math.max(...grains.slice(first, last + 1));
  const isOfCamera = (run: readonly [number, number]): boolean =>
    !isOneShot && usual < CAMERA_GRAIN && grainOf(run) < CAMERA_RATIO * usual;
  return runs.map(([firstFrame, lastFrame]) => ({
    kind: 'frames-noise',
    firstFrame,
    lastFrame,
    severity: isOfCamera([firstFrame, lastFrame]) ? 'warning' : 'fault',
    evidence: {
      grain: rounded(grainOf([firstFrame, lastFrame])),
      usualGrain: rounded(usual),
      grainLimit: rounded(bands.noiseGrain),
    },
  }));
}
