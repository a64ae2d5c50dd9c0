import type { CureName } from '../contract/cure.ts';
import { WHOLE_DECODE, type AttemptPlan, type DecodePlan, type WindowPlan } from '../contract/engine.ts';
import type { JobRequest } from '../contract/job.ts';
import { fitsFrameRule, type PackManifest, type Rung } from '../contract/pack.ts';
import { fewerFrames, fewerSteps, rungBelow } from './ladder.ts';

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

/** What a cure has to know beyond the plan itself. */
export interface Reshaping {
  readonly pack: PackManifest;
  /** The expert to be left out, where one is unstable. */
  readonly unstableExpert: string | null;
  /** The prompt cut down to what it is about; null where there is nothing to leave out. */
  readonly simplerPrompt: string | null;
  /** Frames that are to be made anew, in order. */
  readonly badFrames: readonly number[];
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
    case 'lower-rung': {
      const rung = rungBelow(plan, pack);
      return rung && onRung(whole, rung, pack);
    }
    default:
      return whole;
  }
}

/** Two tiles across with enough overlap that no seam can be seen; null where it is decoded in tiles already. */
function tiledDecode({ widthPx, decode }: RenderPlan, { latent }: PackManifest): DecodePlan | null {
  const widthCells = widthPx / latent.stridePx;
  const tileCells = Math.ceil(widthCells / 2) + TILE_OVERLAP_CELLS / 2;
  if (decode.tileCells !== null || tileCells >= widthCells) return null;
  return { ...decode, tileCells, overlapCells: TILE_OVERLAP_CELLS };
}

const TILE_OVERLAP_CELLS = 4;

/** The latent frames that hold the bad ones; null where that is all of them, or none. */
function windowAround(
  badFrames: readonly number[],
  { frameCount, steps }: RenderPlan,
  { latent }: PackManifest,
): WindowPlan | null {
  const [first, last] = [badFrames[0], badFrames.at(-1)];
  if (first === undefined || last === undefined) return null;
  const latentFrameOf = (frame: number): number => Math.ceil(frame / latent.strideFrames);
  const firstLatentFrame = latentFrameOf(first);
  const latentFrameCount = latentFrameOf(last) - firstLatentFrame + 1;
  if (latentFrameCount > latentFrameOf(frameCount - 1)) return null;
  return { firstLatentFrame, latentFrameCount, fromStep: Math.floor(steps * WINDOW_START_SHARE) };
}

/** Late enough that the window keeps to the scene around it, early enough that it comes out otherwise. */
const WINDOW_START_SHARE = 0.25;

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
