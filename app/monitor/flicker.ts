import type { FrameFigures, StepFigures } from './frame.ts';
import { rounded, runsOf, type Found } from './found.ts';
import type { OrderOptions } from './order.ts';

/** A flicker is over within so many frames; a light that stays on is none. */
const LONGEST_FLASH_FRAMES = 3;
/** The gain must explain this much of the change: a thing that comes and goes explains it better. */
const EXPLAINED_SHARE = 0.4;
/** From so many changes of direction on, the light flickers instead of flashing once. */
const FLICKER_TURNS = 3;
/** In a film a single flash is a photographer's or lightning, and light that swings as far as this is switched. */
const SWITCHED_RATIO = 0.6;

interface Flash {
  readonly first: number;
  readonly last: number;
  readonly ratio: number;
}

/** Brightness that goes up and comes back, or the other way, within a few frames, while the picture stays the same. */
export function findFlicker(
  frames: readonly FrameFigures[],
  { bands, isExplained, isOneShot }: OrderOptions,
): readonly Found[] {
  const flashes = findFlashes(frames, bands.flickerRatio, isExplained);
  const touched = new Set(flashes.flatMap(({ first, last }) => range(first, last)));
  return runsOf(frames.length, (i) => touched.has(i)).flatMap(([firstFrame, lastFrame]): readonly Found[] => {
    const here = flashes.filter(({ first, last }) => first >= firstFrame && last <= lastFrame);
    const ratio = Math.max(...here.map((flash) => flash.ratio));
    const limit = here.length >= FLICKER_TURNS ? bands.flickerRatio : bands.flashRatio;
    if (ratio < limit) return [];
    const evidence = { brightnessSwing: rounded(ratio), swingLimit: rounded(limit), turns: here.length };
    const isOnPurpose = !isOneShot && (here.length < FLICKER_TURNS || ratio >= SWITCHED_RATIO);
    const severity = isOnPurpose ? 'warning' : 'fault';
    return [{ kind: 'frames-flicker', firstFrame, lastFrame, evidence, severity }];
  });
}

/** Every brightening with its darkening, the strength being that of the weaker of the two. */
export function findFlashes(
  frames: readonly FrameFigures[],
  leastRatio: number,
  isExplained: (i: number) => boolean,
): readonly Flash[] {
  const swings = frames.map(({ step }, i) => (step && !isExplained(i) && !isExplained(i - 1) ? swing(step) : 0));
  const flashes: Flash[] = [];
  for (let first = 1; first < frames.length; first += 1) {
    const there = swings[first] ?? 0;
    if (Math.abs(there) < leastRatio) continue;
    for (let last = first; last < first + LONGEST_FLASH_FRAMES; last += 1) {
      const back = swings[last + 1] ?? 0;
      if (Math.abs(back) < leastRatio) continue;
      if (Math.sign(back) === Math.sign(there)) break;
      flashes.push({ first, last, ratio: Math.min(Math.abs(there), Math.abs(back)) });
      break;
    }
  }
  return flashes;
}

/** Signed strength of a change of gain; 0 where something else changed. */
function swing({ gain, gainRest, change }: StepFigures): number {
  if (gainRest > change * (1 - EXPLAINED_SHARE)) return 0;
  return gain >= 1 ? gain - 1 : -(1 / gain - 1);
}

const range = (first: number, last: number): readonly number[] =>
  Array.from({ length: last - first + 1 }, (_, i) => first + i);
