type Row = Float64Array;

export const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
};

function addScaled(target: Row, scale: number, source: ArrayLike<number>): void {
  for (let i = 0; i < target.length; i += 1) target[i] = (target[i] ?? 0) + scale * (source[i] ?? 0);
}

export interface Covariance {
  readonly mean: Row;
  /** [width][width], shrunk towards a sphere of the same mean variance. */
  readonly rows: readonly Row[];
  /** 0 (sample covariance) .. 1 (the sphere). */
  readonly shrinkage: number;
}

/**
 * Mean and covariance of `samples`, shrunk by the formula of Ledoit and Wolf (2004, "A well-conditioned estimator for
 * large-dimensional covariance matrices"), so that it can be inverted whatever their number.
 */
export function shrunkCovariance(samples: readonly ArrayLike<number>[], width: number): Covariance {
  const count = samples.length;
  const mean = new Float64Array(width);
  for (const sample of samples) addScaled(mean, 1 / count, sample);
  const centred = samples.map((sample) => mean.map((middle, i) => (sample[i] ?? 0) - middle));
  const rows = Array.from(mean, () => new Float64Array(width));
  for (const sample of centred) rows.forEach((row, i) => addScaled(row, (sample[i] ?? 0) / count, sample));

  const sphere = rows.reduce((sum, row, i) => sum + (row[i] ?? 0), 0) / width;
  const norm = rows.reduce((sum, row) => sum + dot(row, row), 0);
  let scatter = 0;
  for (const sample of centred) {
    const own = dot(sample, sample);
    const seen = rows.reduce((sum, row, i) => sum + dot(row, sample) * (sample[i] ?? 0), 0);
    scatter += own * own - 2 * seen + norm;
  }
  const distance = norm - width * sphere * sphere;
  const shrinkage = distance > 0 ? Math.min(1, Math.max(0, scatter / (count * count * distance))) : 1;
  const shrunk = rows.map((row, i) =>
    row.map((value, j) => (1 - shrinkage) * value + (i === j ? shrinkage * sphere : 0)),
  );
  return { mean, rows: shrunk, shrinkage };
}

export interface PrincipalAxis {
  readonly variance: number;
  /** Unit vector, [width]. */
  readonly direction: Row;
}

const SWEEP_LIMIT = 30;
const CONVERGED = 1e-11;

/** Eigenvectors of a symmetric matrix, widest first, by cyclic Jacobi rotations: plain, and exact at any width of ours. */
export function principalAxes(symmetric: readonly Row[]): readonly PrincipalAxis[] {
  const rows = symmetric.map((row) => row.slice());
  // Turned along with the matrix, the rows of the identity end as its eigenvectors.
  const vectors = rows.map((_, i) => Float64Array.from(rows, (_row, j) => (i === j ? 1 : 0)));
  const scale = Math.sqrt(rows.reduce((sum, row) => sum + dot(row, row), 0));
  for (let sweep = 0; sweep < SWEEP_LIMIT && offDiagonal(rows) > CONVERGED * scale; sweep += 1)
    for (let p = 0; p < rows.length; p += 1) for (let q = p + 1; q < rows.length; q += 1) rotate(rows, vectors, p, q);
  return rows
    .map((row, i) => ({ variance: row[i] ?? 0, direction: vectors[i] ?? new Float64Array() }))
    .toSorted((a, b) => b.variance - a.variance);
}

function offDiagonal(rows: readonly Row[]): number {
  return Math.sqrt(rows.reduce((sum, row, i) => sum + dot(row.slice(0, i), row.slice(0, i)), 0));
}

/** One Jacobi rotation: makes element [p][q] zero. */
function rotate(rows: readonly Row[], vectors: readonly Row[], p: number, q: number): void {
  const [rowP, rowQ, vectorP, vectorQ] = [rows[p], rows[q], vectors[p], vectors[q]];
  if (!rowP || !rowQ || !vectorP || !vectorQ) return;
  const corner = rowP[q] ?? 0;
  if (corner === 0) return;
  const theta = ((rowQ[q] ?? 0) - (rowP[p] ?? 0)) / (2 * corner);
  const tangent = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const cosine = 1 / Math.hypot(tangent, 1);
  const sine = tangent * cosine;
  for (const row of rows) {
    const [a, b] = [row[p] ?? 0, row[q] ?? 0];
    row[p] = cosine * a - sine * b;
    row[q] = sine * a + cosine * b;
  }
  turn(rowP, rowQ, cosine, sine);
  turn(vectorP, vectorQ, cosine, sine);
}

function turn(first: Row, second: Row, cosine: number, sine: number): void {
  for (let i = 0; i < first.length; i += 1) {
    const [a, b] = [first[i] ?? 0, second[i] ?? 0];
    first[i] = cosine * a - sine * b;
    second[i] = sine * a + cosine * b;
  }
}
