import { beginsShot } from './cut.ts';
import type { FrameBands } from './frame-bands.ts';
import type { FrameFigures } from './frame.ts';
import { median, rounded, runsOf, type Found } from './found.ts';
import { CELL_PX, type GrainFigures } from './grain.ts';

/** Grain of a frame beyond that of the cleanest frames near it: so much of it is noise even where it is weaker than the line for a whole clip. */
const BURST_GRAIN = 0.012;
/** … where it is so many times theirs, and as much of it new as a single frame's noise makes of a change. */
const BURST_RATIO = 2;
const NEW_SHARE = 0.5;
const AROUND_FRAMES = 8;
/**
 * White noise has a quarter of its grain in cells, and an encoder, which takes fine grain first, leaves somewhat more there. Where texture moves, cells
 * differ as much as pixels do, since nature has more coarse detail than fine. From here on what is not white counts the less.
 */
const MOST_WHITE = 2.2 / CELL_PX;
const STRICTNESS = 3;
/** No camera's grain is as strong as this. */
const CAMERA_GRAIN = 0.045;
/** It varies from frame to frame by less than to this part. */
const CAMERA_SHARE = 0.5;

/** Frames full of noise: white, and new in each of them. Texture that stays, or moves along, has grain that is neither. */
export function findNoise(frames: readonly FrameFigures[], bands: FrameBands, isOneShot: boolean): readonly Found[] {
  const grains = frames.map((_, i) => noiseAt(frames, i, bands.source === 'calibration'));
  const bursts = frames.map((_, i) => burstAt(frames, i));
  const isNoisy = (i: number): boolean => (grains[i] ?? 0) > bands.noiseGrain || (bursts[i] ?? 0) > BURST_GRAIN;
  const usual = median(grains);
  return runsOf(frames.length, isNoisy).flatMap(([firstFrame, lastFrame]): readonly Found[] => {
    const most = (values: readonly number[]): number => Math.max(...values.slice(firstFrame, lastFrame + 1));
    const grain = most(grains);
    // A camera has its grain all through a shot, and a shot of fine texture begins and ends with a cut: what begins or ends within a shot is neither.
    const isEdge = (outside: number, inside: number): boolean =>
      beginsShot(frames, inside) || (grains[outside] ?? 0) > grain * CAMERA_SHARE;
    const isShot = !isOneShot && isEdge(firstFrame - 1, firstFrame) && isEdge(lastFrame + 1, lastFrame + 1);
    if (isShot && grain <= bands.noiseGrain) return [];
    const isOfCamera = isShot && grain < CAMERA_GRAIN;
    const evidence = {
      grain: rounded(grain),
      usualGrain: rounded(usual),
      grainLimit: rounded(bands.noiseGrain),
      addedGrain: rounded(most(bursts)),
      addedGrainLimit: BURST_GRAIN,
    };
    return [{ kind: 'frames-noise', firstFrame, lastFrame, severity: isOfCamera ? 'warning' : 'fault', evidence }];
  });
}

/**
 * Noise of a frame: in it, new against the frame before and gone in the one after. A jump of a textured picture is new only once. Where a pack says how
 * much grain its clips have, what is far beyond is noise; elsewhere it must be white, for texture that moves is new in each frame too.
 */
function noiseAt(frames: readonly FrameFigures[], i: number, isGrainKnown: boolean): number {
  const here = [frames[i], frames[i]?.step, frames[i + 1]?.step].flatMap((figures) => figures ?? []);
  return Math.min(...here.map((figures) => figures.grain * (isGrainKnown ? 1 : whiteness(figures))));
}

/**
 * Noise that a frame has beyond the cleanest ones before and after it: variances of what is independent add up, whatever texture there is. 0 where the
 * texture varies as much.
 */
function burstAt(frames: readonly FrameFigures[], i: number): number {
  const here = frames[i];
  const sides = [frames.slice(Math.max(0, i - AROUND_FRAMES), i), frames.slice(i + 1, i + 1 + AROUND_FRAMES)];
  const changes = [i, i + 1].flatMap((at) => frames[at]?.step ?? []);
  if (!here || changes.length === 0) return 0;
  const usual = Math.max(...sides.flatMap((side) => (side.length === 0 ? [] : [cleanest(side).grain])));
  const added = Math.sqrt(Math.max(0, here.grain ** 2 - usual ** 2));
  const isNew = changes.every(({ grain }) => grain > NEW_SHARE * added);
  // A thing that moves in one of the two changes is not white there.
  return isNew && added > BURST_RATIO * usual ? added * Math.max(...changes.map(whiteness)) : 0;
}

const cleanest = (figures: readonly GrainFigures[]): GrainFigures =>
  figures.reduce((best, one) => (one.grain < best.grain ? one : best));

const whiteness = ({ grain, cellGrain }: GrainFigures): number =>
  Math.min(1, ((MOST_WHITE * grain) / Math.max(cellGrain, Number.EPSILON)) ** STRICTNESS);
