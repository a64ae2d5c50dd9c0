import type { Rung } from '../contract/pack.ts';
import type { AttemptReport } from '../contract/report.ts';
import type { Prices } from '../contract/situation.ts';
import type { RenderPlan } from './render-plan.ts';

/** An attempt with the plan that it ran, for what its stages took. */
export interface PricedAttempt {
  readonly plan: RenderPlan;
  readonly report: AttemptReport;
}

/** Before anything was measured: a pack of some size from a warm disk, a short clip. */
const START_SECONDS = 2;
const EXPORT_SECONDS = 1.5;
const TEXT_SECONDS = 0.02;
/** Measured on one core at 832×480: 1.5 s for a million pixels of a drawn frame; the model's flow comes from another process. */
const DRAW_SECONDS_A_PIXEL = 1.5e-6;
/** Share of an attempt that a pack's expected seconds put into denoising; the rest is decoding. */
const DENOISE_SHARE = 0.8;

/**
 * What each part of an attempt takes on this plan: by the newest attempt of this job that got that far, scaled by the
 * size of its plan, else by what the pack expects.
 *
 * @param attempts  oldest first
 */
export function pricesOf(
  plan: RenderPlan,
  rung: Rung,
  attempts: readonly PricedAttempt[],
  measured: { readonly startSeconds: number | null; readonly exportSeconds: number | null },
): Prices {
  const scaled = (part: (report: AttemptReport) => number | null): number | null => {
    for (const { plan: ran, report } of attempts.toReversed()) {
      const seconds = part(report);
      if (seconds !== null) return (seconds * sizeOf(plan)) / sizeOf(ran);
    }
    return null;
  };
  const expected = (rung.expectedSeconds * sizeOf(plan)) / sizeOf(rung);
  return {
    startSeconds: measured.startSeconds ?? START_SECONDS,
    textSeconds: TEXT_SECONDS,
    stepSeconds:
      scaled(({ stageMs, stepsRun }) => (stepsRun > 0 ? stageMs.denoise / 1_000 / stepsRun : null)) ??
      (expected * DENOISE_SHARE) / rung.steps,
    decodeSeconds:
      scaled(({ stageMs, faults }) => (stageMs.decode > 0 && faults.length === 0 ? stageMs.decode / 1_000 : null)) ??
      expected * (1 - DENOISE_SHARE),
    exportSeconds: measured.exportSeconds ?? EXPORT_SECONDS,
    drawSeconds: plan.widthPx * plan.heightPx * DRAW_SECONDS_A_PIXEL,
  };
}

/** Work grows at least with the number of pixels. */
const sizeOf = ({
  widthPx,
  heightPx,
  frameCount,
}: {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly frameCount: number;
}): number => widthPx * heightPx * frameCount;
