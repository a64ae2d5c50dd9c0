import { WHOLE_DECODE, type AttemptPlan } from '../contract/engine.ts';
import type { JobRequest } from '../contract/job.ts';
import type { ActionKind } from '../contract/name.ts';
import { fitsFrameRule, type PackManifest } from '../contract/pack.ts';

/** What one attempt will do: the request with every cure so far worked in. */
export interface RenderPlan extends AttemptPlan {
  readonly rung: string;
}

export function initialPlan(request: JobRequest, pack: PackManifest): RenderPlan {
  const rung = pack.rungs.find(({ name }) => name === request.rung);
  if (!rung) throw new Error(`bug: rung ${request.rung} was checked before`);
  return {
    prompt: request.prompt,
    negative: request.negative,
    rung: rung.name,
    seed: request.seed,
    widthPx: rung.widthPx,
    heightPx: rung.heightPx,
    frameCount: request.frameCount,
    steps: request.steps,
    solver: pack.scheduler.solver,
    maskedExperts: [],
    experts: rung.experts ?? null,
    decode: WHOLE_DECODE,
    window: null,
  };
}

/** The cures that lead to another attempt. */
export type Reshaping = Extract<ActionKind, 'resume' | 'restart-clean' | 'new-seed' | 'lower-rung'>;

/** The only place where a cure changes a plan. Null where the pack's ladder has nothing further down. */
export function reshape(plan: RenderPlan, action: Reshaping, pack: PackManifest): RenderPlan | null {
  switch (action) {
    case 'resume':
    case 'restart-clean':
      return plan;
    case 'new-seed':
      return { ...plan, seed: nextSeed(plan.seed) };
    case 'lower-rung': {
      const position = pack.rungs.findIndex(({ name }) => name === plan.rung);
      const rung = pack.rungs[position + 1];
      if (!rung) return null;
      const frameCount = Math.min(plan.frameCount, rung.frameCount);
      return {
        ...plan,
        rung: rung.name,
        widthPx: rung.widthPx,
        heightPx: rung.heightPx,
        frameCount: fitsFrameRule(pack.frameRule, frameCount) ? frameCount : rung.frameCount,
        // Steps of one variant mean nothing to another.
        steps: rung.experts ? rung.steps : Math.min(plan.steps, rung.steps),
        experts: rung.experts ?? null,
      };
    }
    default:
      return action satisfies never;
  }
}

/** Another seed that depends on the first alone, so that an episode replays to the same one (an LCG step in 32 bits). */
export function nextSeed(seed: number): number {
  return (Math.imul(seed >>> 0, 1_664_525) + 1_013_904_223) >>> 0;
}
