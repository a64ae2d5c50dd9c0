import type { Work } from '../base/work.ts';
import type { Picture } from './motion.ts';

/** What of a still picture is shown: the middle of the view and how far it is drawn in. */
export interface View {
  /** Ratios of the picture. */
  readonly x: number;
  readonly y: number;
  /** 1 shows all of it. */
  readonly zoom: number;
}

/** A slow push: enough to live, not enough to show that nothing else moves. */
const END_ZOOM = 1.16;
const START_ZOOM = 1.03;
/** How far the way goes by a smooth start and end; the rest is even, so that no frame stands still. */
const EASE_SHARE = 0.45;
/** Share of the pixels that stand out most, by which the subject is found. */
const SUBJECT_SHARE = 0.12;

/** The middle of what stands out from the picture's edges, as ratios; the middle of the picture where nothing does. */
export function* subjectOf({ widthPx, heightPx, rgb }: Picture): Work<{ readonly x: number; readonly y: number }> {
  const strength = new Float32Array(widthPx * heightPx);
  /** How many pixels differ by so many levels. */
  const levels = new Uint32Array(3 * 255 + 1);
  // Skies and grounds run across: each row is compared with its own two ends.
  const endPx = Math.max(1, Math.round(widthPx * 0.08));
  for (let y = 0; y < heightPx; y += 1) {
    const ends = [0, 0, 0];
    for (let x = 0; x < endPx; x += 1)
      for (let colour = 0; colour < 3; colour += 1)
        ends[colour] =
          (ends[colour] ?? 0) +
          (rgb[(y * widthPx + x) * 3 + colour] as number) +
          (rgb[(y * widthPx + widthPx - 1 - x) * 3 + colour] as number);
    for (let x = 0; x < widthPx; x += 1) {
      let difference = 0;
      for (let colour = 0; colour < 3; colour += 1)
        difference += Math.abs(
          (rgb[(y * widthPx + x) * 3 + colour] as number) - (ends[colour] as number) / (2 * endPx),
        );
      strength[y * widthPx + x] = difference;
      const level = Math.floor(difference);
      levels[level] = (levels[level] as number) + 1;
    }
    yield;
  }
  let limit = levels.length;
  for (let above = 0; limit > 0 && above < strength.length * SUBJECT_SHARE;) above += levels[(limit -= 1)] as number;
  let [sum, sumX, sumY] = [0, 0, 0];
  for (let y = 0, i = 0; y < heightPx; y += 1) {
    for (let x = 0; x < widthPx; x += 1, i += 1) {
      const weight = strength[i] as number;
      if (weight < limit || weight < 24) continue;
      sum += weight;
      sumX += weight * (x + 0.5);
      sumY += weight * (y + 0.5);
    }
    yield;
  }
  return sum === 0 ? { x: 0.5, y: 0.5 } : { x: sumX / sum / widthPx, y: sumY / sum / heightPx };
}

/** The camera's view at one frame: from nearly all of the picture in towards the subject, and never over its edge. */
export function viewAt(frame: number, frameCount: number, subject: { readonly x: number; readonly y: number }): View {
  const even = frameCount > 1 ? frame / (frameCount - 1) : 0;
  const way = even * (1 - EASE_SHARE) + EASE_SHARE * even * even * (3 - 2 * even);
  // Even steps of scale look slower and slower; even factors don't.
  const zoom = START_ZOOM * (END_ZOOM / START_ZOOM) ** way;
  const room = 0.5 - 0.5 / zoom;
  // As far towards the subject as the subject is from the middle: the edge is never reached, so nothing stops short.
  const toward = (target: number): number => 0.5 + room * (2 * target - 1);
  return { x: toward(subject.x), y: toward(subject.y), zoom };
}

/** The view as a picture of the same size: any fraction of a pixel, by cubic interpolation (Catmull and Rom). */
export function* shoot(picture: Picture, view: View): Work<Picture> {
  const { widthPx, heightPx, rgb } = picture;
  const across = taps(widthPx, view.x, view.zoom);
  const down = taps(heightPx, view.y, view.zoom);
  const rows = new Float32Array(widthPx * heightPx * 3);
  for (let y = 0, at = 0; y < heightPx; y += 1) {
    const from = y * widthPx * 3;
    for (let x = 0; x < widthPx; x += 1, at += 3)
      for (let colour = 0; colour < 3; colour += 1) {
        let sum = 0;
        for (let tap = x * TAPS; tap < (x + 1) * TAPS; tap += 1)
          sum += (across.weights[tap] as number) * (rgb[from + (across.places[tap] as number) * 3 + colour] as number);
        rows[at + colour] = sum;
      }
    yield;
  }
  const out = new Uint8ClampedArray(rgb.length);
  const line = widthPx * 3;
  for (let y = 0, at = 0; y < heightPx; y += 1) {
    for (let i = 0; i < line; i += 1, at += 1) {
      let sum = 0;
      for (let tap = y * TAPS; tap < (y + 1) * TAPS; tap += 1)
        sum += (down.weights[tap] as number) * (rows[(down.places[tap] as number) * line + i] as number);
      out[at] = sum;
    }
    yield;
  }
  return { widthPx, heightPx, rgb: new Uint8Array(out.buffer) };
}

const TAPS = 4;

/** Which four pixels of an axis each pixel of the view is made from, and how much each counts. */
function taps(
  lengthPx: number,
  middle: number,
  zoom: number,
): { readonly places: Int32Array; readonly weights: Float32Array } {
  const places = new Int32Array(lengthPx * TAPS);
  const weights = new Float32Array(lengthPx * TAPS);
  for (let i = 0; i < lengthPx; i += 1) {
    const at = middle * lengthPx + (i + 0.5 - lengthPx / 2) / zoom - 0.5;
    const first = Math.floor(at);
    const t = at - first;
    const cubic = [
      -0.5 * t + t * t - 0.5 * t ** 3,
      1 - 2.5 * t * t + 1.5 * t ** 3,
      0.5 * t + 2 * t * t - 1.5 * t ** 3,
      -0.5 * t * t + 0.5 * t ** 3,
    ];
    for (let tap = 0; tap < TAPS; tap += 1) {
      places[i * TAPS + tap] = Math.max(0, Math.min(lengthPx - 1, first - 1 + tap));
      weights[i * TAPS + tap] = cubic[tap] ?? 0;
    }
  }
  return { places, weights };
}
