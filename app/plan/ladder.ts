import type { JobRequest } from '../contract/job.ts';
import { fitsFrameRule, type PackManifest, type Rung } from '../contract/pack.ts';
import { cures } from '../recovery/cures.ts';
import type { RenderPlan } from './render-plan.ts';

/** Below this a solver has too few steps to come to a picture. */
const FEWEST_STEPS = 4;
/** One frame is a picture, not a clip. */
const FEWEST_FRAMES = 2;

/** Enough for a picture of which nothing has to move. */
const STILL_STEPS = 8;

/** One picture in a few steps, to be moved by a camera. */
export const isStill = ({ frameCount }: Pick<RenderPlan, 'frameCount'>): boolean => frameCount < FEWEST_FRAMES;

/** Frames and steps of a still; null where the plan is one already, or the pack can't make a single picture. */
export function stillOf(
  plan: Pick<RenderPlan, 'frameCount' | 'steps' | 'experts'>,
  { frameRule }: Pick<PackManifest, 'frameRule'>,
): Pick<RenderPlan, 'frameCount' | 'steps'> | null {
  if (isStill(plan) || !fitsFrameRule(frameRule, 1)) return null;
  // A few-step variant has learned its steps and no others.
  return { frameCount: 1, steps: plan.experts === null ? Math.min(plan.steps, STILL_STEPS) : plan.steps };
}

/** Half of the steps; null where that is too few. */
export function fewerSteps({ steps, experts }: Pick<RenderPlan, 'steps' | 'experts'>): number | null {
  // A few-step variant has learned its steps, each of them, and no others.
  if (experts !== null) return null;
  const half = Math.floor(steps / 2);
  return half >= FEWEST_STEPS ? half : null;
}

/** Half of the frames, as many as the pack's rule allows; null where no clip is left. */
export function fewerFrames(
  { frameCount }: Pick<RenderPlan, 'frameCount'>,
  { frameRule }: Pick<PackManifest, 'frameRule'>,
): number | null {
  for (let count = Math.ceil(frameCount / 2); count >= FEWEST_FRAMES; count -= 1)
    if (count < frameCount && fitsFrameRule(frameRule, count)) return count;
  return null;
}

/** The pack's next rung down; null at its foot. */
export function rungBelow({ rung }: Pick<RenderPlan, 'rung'>, { rungs }: Pick<PackManifest, 'rungs'>): Rung | null {
  return rungs[rungs.findIndex(({ name }) => name === rung) + 1] ?? null;
}

/** What the present plan is worth against the request, 1 for all of it: the product of what was given away. */
export function planQuality(plan: RenderPlan, request: JobRequest, pack: PackManifest): number {
  const place = (name: string): number => pack.rungs.findIndex((rung) => rung.name === name);
  const isSmaller = plan.rung !== request.rung;
  const given: readonly number[] = [
    plan.prompt === request.prompt ? 1 : cures['simplify-prompt'].quality,
    !isSmaller && plan.steps < request.steps ? cures['fewer-steps'].quality : 1,
    !isSmaller && plan.frameCount < request.frameCount ? cures['fewer-frames'].quality : 1,
    ...Array.from({ length: Math.max(0, place(plan.rung) - place(request.rung)) }, () => cures['lower-rung'].quality),
  ];
  return given.reduce((product, share) => product * share, 1);
}
