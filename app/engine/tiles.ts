/** Where one tile lies on an axis of the latent, and how much it counts at each pixel of its output. */
export interface AxisTile {
  readonly fromCell: number;
  readonly cellCount: number;
  /** [cellCount * stridePx], 0..1; over all tiles of an axis they add up to 1 at every pixel. */
  readonly weights: Float32Array;
}

export interface Tile {
  readonly across: AxisTile;
  readonly down: AxisTile;
}

/**
 * Cover an axis with tiles of one size (a graph is prepared anew for every other size), spread evenly. Where two overlap
 * they are faded into each other, and the outermost cells of a tile, which miss their neighbours, count least.
 *
 * @param tileCells     more than `overlapCells`; larger than the axis gives one tile
 * @param stridePx      pixels a cell
 */
export function axisTiles(
  cellCount: number,
  tileCells: number,
  overlapCells: number,
  stridePx: number,
): readonly AxisTile[] {
  const size = Math.min(cellCount, tileCells);
  const reach = Math.max(1, size - Math.min(overlapCells, size - 1));
  const count = Math.ceil((cellCount - size) / reach) + 1;
  const starts = Array.from({ length: count }, (_, i) =>
    count === 1 ? 0 : Math.round((i * (cellCount - size)) / (count - 1)),
  );
  const raw = starts.map((fromCell, i) => {
    const leftCells = i === 0 ? 0 : (starts[i - 1] ?? 0) + size - fromCell;
    const rightCells = i === count - 1 ? 0 : fromCell + size - (starts[i + 1] ?? 0);
    return fade(size * stridePx, leftCells * stridePx, rightCells * stridePx);
  });
  const total = new Float32Array(cellCount * stridePx);
  const startPx = starts.map((cell) => cell * stridePx);
  for (const [i, weights] of raw.entries())
    for (let px = 0, at = startPx[i] ?? 0; px < weights.length; px += 1, at += 1)
      total[at] = (total[at] as number) + (weights[px] as number);
  return raw.map((weights, i) => ({
    fromCell: starts[i] ?? 0,
    cellCount: size,
    weights: weights.map((weight, px) => weight / (total[(startPx[i] ?? 0) + px] as number)),
  }));
}

/** Rises smoothly over the first pixels and falls over the last ones; never 0, so that every pixel is someone's. */
function fade(lengthPx: number, risePx: number, fallPx: number): Float32Array {
  const ramp = (distancePx: number, overPx: number): number => {
    if (distancePx >= overPx) return 1;
    const ratio = (distancePx + 0.5) / overPx;
    return ratio * ratio * (3 - 2 * ratio);
  };
  return Float32Array.from({ length: lengthPx }, (_, px) => ramp(px, risePx) * ramp(lengthPx - 1 - px, fallPx));
}

/** All tiles of a picture, row by row. */
export function pictureTiles(
  { heightCells, widthCells }: { readonly heightCells: number; readonly widthCells: number },
  tileCells: number,
  overlapCells: number,
  stridePx: number,
): readonly Tile[] {
  const columns = axisTiles(widthCells, tileCells, overlapCells, stridePx);
  return axisTiles(heightCells, tileCells, overlapCells, stridePx).flatMap((down) =>
    columns.map((across) => ({ across, down })),
  );
}

/**
 * The cells of one tile out of a latent frame.
 *
 * @param frame  [channels, heightCells, widthCells]
 * @returns      [channels, tile height, tile width]
 */
export function cutTile(
  frame: Float32Array,
  channels: number,
  widthCells: number,
  { across, down }: Tile,
): Float32Array {
  const cells = frame.length / channels;
  const out = new Float32Array(channels * down.cellCount * across.cellCount);
  let at = 0;
  for (let channel = 0; channel < channels; channel += 1)
    for (let row = 0; row < down.cellCount; row += 1) {
      const from = channel * cells + (down.fromCell + row) * widthCells + across.fromCell;
      out.set(frame.subarray(from, from + across.cellCount), at);
      at += across.cellCount;
    }
  return out;
}

/**
 * Add a decoded tile to the whole picture, by its weights.
 *
 * @param sum    [planes, heightPx, widthPx]; planes are colours times frames
 * @param tile   [planes, tile height, tile width] in pixels
 */
export function addTile(
  sum: Float32Array,
  planes: number,
  widthPx: number,
  tile: Float32Array,
  { across, down }: Tile,
  stridePx: number,
): void {
  const planePx = sum.length / planes;
  const tileWidthPx = across.weights.length;
  const tileHeightPx = down.weights.length;
  for (let plane = 0; plane < planes; plane += 1)
    for (let row = 0; row < tileHeightPx; row += 1) {
      const from = (plane * tileHeightPx + row) * tileWidthPx;
      const to = plane * planePx + (down.fromCell * stridePx + row) * widthPx + across.fromCell * stridePx;
      const rowWeight = down.weights[row] as number;
      for (let px = 0; px < tileWidthPx; px += 1)
        sum[to + px] =
          (sum[to + px] as number) + rowWeight * (across.weights[px] as number) * (tile[from + px] as number);
    }
}
