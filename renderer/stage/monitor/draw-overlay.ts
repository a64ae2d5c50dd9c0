import type { AttentionMap, MotionArrows, RunHealth } from '../../../app/contract/health.ts';
import { framePicture, type SizePx } from '../../../app/export/framing.ts';
import { groupWords } from '../../health/word-group.ts';
import { heatPixels, latentFrameOf } from './heat-map.ts';

export interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where the rendered picture lies on a canvas that shows the delivered one: edges may be cut off or black bars added. */
export function renderedRegion(rendered: SizePx, delivered: SizePx, canvas: { width: number; height: number }): Region {
  const { scaled } = framePicture(rendered, delivered);
  const [across, down] = [canvas.width / delivered.widthPx, canvas.height / delivered.heightPx];
  return {
    x: ((delivered.widthPx - scaled.widthPx) / 2) * across,
    y: ((delivered.heightPx - scaled.heightPx) / 2) * down,
    width: scaled.widthPx * across,
    height: scaled.heightPx * down,
  };
}

/** The tokens of the word that begins with token `first`; none when the words are of another prompt by now. */
export function tokensOfWord(health: RunHealth, first: number | null): readonly number[] {
  if (first === null) return [];
  const tokens = health.text?.tokens ?? health.steps.at(-1)?.attention.map(({ token }) => token) ?? [];
  return groupWords(tokens).find((group) => group.tokens[0] === first)?.tokens ?? [];
}

/** Lay a word's attention over the picture, smoothly: cells are coarse. */
export function drawHeat(
  context: CanvasRenderingContext2D,
  map: AttentionMap,
  tokens: readonly number[],
  latentFrame: number,
  { x, y, width, height }: Region,
): void {
  if (tokens.length === 0) return;
  const small = new OffscreenCanvas(map.columns, map.rows);
  const source = small.getContext('2d');
  if (!source) return;
  source.putImageData(new ImageData(heatPixels(map, tokens, latentFrame), map.columns), 0, 0);
  context.save();
  context.fillStyle = 'rgb(6 10 14 / 45%)';
  context.fillRect(x, y, width, height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(small, x, y, width, height);
  context.restore();
}

/** Arrows shorter than this are noise, and only clutter the picture. */
const STILL_PX = 0.15;
/** How much of its cell the longest arrow fills. */
const REACH = 1.4;

/** Which way things go from the frame before to this one; long arrows are fast. */
export function drawArrows(
  context: CanvasRenderingContext2D,
  { rows, columns, vectorsPx }: MotionArrows,
  fastestPx: number,
  { x, y, width, height }: Region,
): void {
  const [cellWidth, cellHeight] = [width / columns, height / rows];
  const scale = (Math.min(cellWidth, cellHeight) * REACH) / Math.max(fastestPx, 1e-6);
  context.save();
  context.lineCap = 'round';
  for (let row = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1) {
      const at = (row * columns + column) * 2;
      const [dx, dy] = [vectorsPx[at] ?? 0, vectorsPx[at + 1] ?? 0];
      const speedPx = Math.hypot(dx, dy);
      if (!(speedPx > STILL_PX)) continue;
      const [startX, startY] = [x + (column + 0.5) * cellWidth, y + (row + 0.5) * cellHeight];
      arrow(context, startX, startY, dx * scale, dy * scale, 0.35 + 0.65 * Math.min(1, speedPx / fastestPx));
    }
  context.restore();
}

function arrow(
  context: CanvasRenderingContext2D,
  startX: number,
  startY: number,
  dx: number,
  dy: number,
  opacity: number,
): void {
  const angle = Math.atan2(dy, dx);
  const head = Math.min(7, 2 + Math.hypot(dx, dy) * 0.3);
  const [endX, endY] = [startX + dx, startY + dy];
  const path = new Path2D();
  path.moveTo(startX, startY);
  path.lineTo(endX, endY);
  for (const side of [-0.5, 0.5]) {
    path.moveTo(endX, endY);
    path.lineTo(endX - head * Math.cos(angle + side), endY - head * Math.sin(angle + side));
  }
  // A dark edge keeps them readable on snow.
  context.strokeStyle = `rgb(0 0 0 / ${0.55 * opacity})`;
  context.lineWidth = 3.5;
  context.stroke(path);
  context.strokeStyle = `rgb(140 240 220 / ${opacity})`;
  context.lineWidth = 1.5;
  context.stroke(path);
}

/** Fastest of all arrows of a clip: what the others are drawn against. */
export function fastestOf(health: RunHealth): number {
  let fastestPx = 0;
  for (const { arrows } of health.frames)
    if (arrows)
      for (let i = 0; i < arrows.vectorsPx.length; i += 2)
        fastestPx = Math.max(fastestPx, Math.hypot(arrows.vectorsPx[i] ?? 0, arrows.vectorsPx[i + 1] ?? 0));
  return fastestPx;
}

/** The latent frame under a frame of the finished clip. */
export const latentFrameAt = (map: AttentionMap, frame: number, frameCount: number): number =>
  latentFrameOf(frame, frameCount, map.frameCount);
