import type { CureName } from '../contract/cure.ts';
import { WHOLE_DECODE, type AttemptPlan, type DecodePlan, type WindowPlan } from '../contract/engine.ts';
import type { JobRequest } from '../contract/job.ts';
import { fitsFrameRule, type PackManifest, type Rung } from '../contract/pack.ts';
import { latentShape } from '../engine/latent.ts';
import { flowSigmas } from '../engine/schedule.ts';
import { decodeWays } from '../recovery/decode-plan.ts';
import type { FrameRange } from '../recovery/frame-range.ts';
import { windowFor } from '../recovery/frame-repair.ts';
import { fewerFrames, fewerSteps, rungBelow, stillOf } from './ladder.ts';

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
    solver: rung.solver ?? pack.scheduler.solver,
    maskedExperts: [],
    experts: rung.experts ?? null,
    decode: WHOLE_DECODE,
    window: null,
  };
}

/** The same request on another pack: its rung of the same name, else its best; as many frames as were asked for, where it can make them. */
export function planOnPack(request: JobRequest, pack: PackManifest): RenderPlan {
  const rung = pack.rungs.find(({ name }) => name === request.rung) ?? pack.rungs[0];
  if (!rung) throw new Error('bug: a parsed manifest has rungs');
  const steps = rung.experts ? rung.steps : Math.min(request.steps, rung.steps);
  const whole = initialPlan({ ...request, rung: rung.name, frameCount: rung.frameCount, steps }, pack);
  const fits = request.frameCount <= rung.frameCount && fitsFrameRule(pack.frameRule, request.frameCount);
  return fits ? { ...whole, frameCount: request.frameCount } : whole;
}

/** What a cure has to know beyond the plan itself. */
export interface Reshaping {
  readonly pack: PackManifest;
  /** The expert to be left out, where one is unstable. */
  readonly unstableExpert: string | null;
  /** The prompt cut down to what it is about; null where there is nothing to leave out. */
  readonly simplerPrompt: string | null;
  /** Frames that are to be made anew, in order. */
  readonly badFrames: readonly FrameRange[];
}

/**
 * The only place where a cure changes a plan. Null where it can't: the ladder has nothing further down, or there is
 * nothing to leave out. A cure that runs the same plan again gives it back as it is.
 */
export function reshape(plan: RenderPlan, cure: CureName, facts: Reshaping): RenderPlan | null {
  const { pack, unstableExpert, simplerPrompt, badFrames } = facts;
  // A window belongs to the attempt that it was opened for.
  const whole: RenderPlan = { ...plan, window: null };
  switch (cure) {
    case 'new-seed':
      return { ...whole, seed: nextSeed(plan.seed) };
    case 'simplify-prompt':
      return simplerPrompt === null ? null : { ...whole, prompt: simplerPrompt };
    case 'reroute-expert':
      return unstableExpert === null ? null : { ...whole, maskedExperts: [...plan.maskedExperts, unstableExpert] };
    case 'decode-tiled': {
      const decode = tiledDecode(plan, pack);
      return decode && { ...whole, decode };
    }
    case 'decode-fp32':
      return pack.vaeDecoder.precise ? { ...whole, decode: { ...plan.decode, isPrecise: true } } : null;
    case 'regenerate': {
      const window = windowAround(badFrames, plan, pack);
      return window && { ...plan, seed: nextSeed(plan.seed), window };
    }
    case 'fewer-steps': {
      const steps = fewerSteps(plan);
      return steps === null ? null : { ...whole, steps };
    }
    case 'fewer-frames': {
      const frameCount = fewerFrames(plan, pack);
      return frameCount === null ? null : { ...whole, frameCount };
    }
    case 'render-still': {
      const still = stillOf(plan, pack);
      return still && { ...whole, ...still, seed: nextSeed(plan.seed) };
    }
    case 'lower-rung': {
      const rung = rungBelow(plan, pack);
      return rung && onRung(whole, rung, pack);
    }
    default:
      return whole;
  }
}

/** Tiles of half the picture, then of a quarter; null where there is no smaller tile. */
function tiledDecode(plan: RenderPlan, { latent }: PackManifest): DecodePlan | null {
  const ways = decodeWays(latentShape(latent, plan), false);
  const current = plan.decode.tileCells ?? Infinity;
  const smaller = ways.find(({ tileCells }) => tileCells !== null && tileCells < current);
  return smaller ? { ...smaller, isPrecise: plan.decode.isPrecise } : null;
}

/** The latent frames that hold the bad ones; null where that is most of them, or none. */
function windowAround(bad: readonly FrameRange[], plan: RenderPlan, pack: PackManifest): WindowPlan | null {
  return windowFor({
    bad,
    strideFrames: pack.latent.strideFrames,
    latentFrameCount: latentShape(pack.latent, plan).frames,
    sigmas: flowSigmas(plan.steps, pack.scheduler.shift),
    // What was there led to the bad frames: a window after a window begins from nothing of it.
    isAnew: plan.window !== null,
  });
}

function onRung(plan: RenderPlan, rung: Rung, { frameRule, scheduler }: PackManifest): RenderPlan {
  const frameCount = Math.min(plan.frameCount, rung.frameCount);
  return {
    ...plan,
    rung: rung.name,
    widthPx: rung.widthPx,
    heightPx: rung.heightPx,
    frameCount: fitsFrameRule(frameRule, frameCount) ? frameCount : rung.frameCount,
    // Steps of one variant mean nothing to another.
    steps: rung.experts ? rung.steps : Math.min(plan.steps, rung.steps),
    solver: rung.solver ?? scheduler.solver,
    experts: rung.experts ?? null,
  };
}

/** Another seed that depends on the first alone, so that an episode replays to the same one (an LCG step in 32 bits). */
export function nextSeed(seed: number): number {
  return (Math.imul(seed >>> 0, 1_664_525) + 1_013_904_223) >>> 0;
}
