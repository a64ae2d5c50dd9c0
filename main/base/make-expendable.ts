import { writeFileSync } from 'node:fs';

/** Of 1000: well before the program that can start it again. */
const OOM_SCORE = '800';

/**
 * Where memory runs out, the kernel takes this child and not the program that can start another one. Linux alone can be told; a child that is
 * gone already needs no telling.
 */
export function makeExpendable(pid: number | undefined): void {
  if (process.platform !== 'linux' || pid === undefined) return;
  try {
    writeFileSync(`/proc/${pid}/oom_score_adj`, OOM_SCORE);
  } catch {
    // Without it the kernel chooses by size, which mostly is the child as well.
  }
}
