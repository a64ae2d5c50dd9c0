/** Pixels a side of the squares that a decoder of stride 8 paints its pictures from. */
export const BLOCK_PX = 8;
/** Sound pictures lie near 1; the squares can be seen well below this. */
export const BLOCKY_RATIO = 1.6;

/**
 * How much larger steps are at the edges of squares of 8 pixels than within them: about 1 in a picture that knows nothing of
 * such squares.
 *
 * @param rgb  [height, width, 3]
 */
export function blockiness(rgb: Uint8Array, widthPx: number): number {
  const heightPx = rgb.length / 3 / widthPx;
  let [edges, edgeCount, inside, insideCount] = [0, 0, 0, 0];
  for (let y = 1; y < heightPx; y += 1)
    for (let x = 1; x < widthPx; x += 1) {
      const at = (y * widthPx + x) * 3;
      let across = 0;
      let down = 0;
      for (let colour = at; colour < at + 3; colour += 1) {
        across += Math.abs((rgb[colour] as number) - (rgb[colour - 3] as number));
        down += Math.abs((rgb[colour] as number) - (rgb[colour - widthPx * 3] as number));
      }
      for (const [step, isEdge] of [
        [across, x % BLOCK_PX === 0],
        [down, y % BLOCK_PX === 0],
      ] as const)
        if (isEdge) {
          edges += step;
          edgeCount += 1;
        } else {
          inside += step;
          insideCount += 1;
        }
    }
  // A little is added to both, so that a picture of one colour has no squares.
  return edgeCount === 0 || insideCount === 0 ? 1 : (edges / edgeCount + 1) / (inside / insideCount + 1);
}
