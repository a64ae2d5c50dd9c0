import type { CureName } from '../../app/contract/cure.ts';
import type { JobRequest } from '../../app/contract/job.ts';
import type { PackManifest } from '../../app/contract/pack.ts';
import type { Means } from '../../app/contract/situation.ts';
import { expertsOfRung } from '../../app/engine/gate.ts';
import { needsCure } from '../../app/monitor/fault.ts';
import { fewerFrames, fewerSteps, isStill, planQuality, rungBelow } from '../../app/plan/ladder.ts';
import { pricesOf, type PricedAttempt } from '../../app/plan/prices.ts';
import { reshape, type RenderPlan, type Reshaping } from '../../app/plan/render-plan.ts';
import { badFrames, gapsOf } from '../../app/recovery/frame-range.ts';
import { isDrawable } from '../../app/recovery/frame-repair.ts';
import { simplifyPrompt } from '../../app/precheck/simplify.ts';
import { detectLanguage } from '../../app/prompt/clean.ts';
import type { EngineHost } from '../host/engine-host.ts';
import type { Judged } from './run-attempt.ts';

export interface Workshop {
  readonly request: JobRequest;
  readonly manifest: PackManifest;
  readonly host: Pick<EngineHost, 'isUp' | 'mayRestart' | 'startSeconds'>;
  readonly otherPack: string | null;
  /** The device below the one that is computed on. */
  readonly nextProvider: string | null;
  readonly hasTemplate: boolean;
  /** One that a camera can be moved over. */
  readonly hasSoundFrame: boolean;
}

/** What there is to work with after an attempt: the facts that the tree's guards ask for. */
export function gatherMeans(
  { request, manifest, host, otherPack, nextProvider, hasTemplate, hasSoundFrame }: Workshop,
  plan: RenderPlan,
  last: Judged,
  attempts: readonly PricedAttempt[],
): Means {
  const rung = manifest.rungs.find(({ name }) => name === plan.rung);
  if (!rung) throw new Error(`bug: plan on unknown rung ${plan.rung}`);
  const below = rungBelow(plan, manifest);
  const { checkpoint } = last;
  const facts = reshapingFor(manifest, plan, last);
  const gaps = gapsOf(facts.badFrames, plan.frameCount);
  const can = (cure: CureName): boolean => reshape(plan, cure, facts) !== null;
  return {
    steps: plan.steps,
    frameCount: plan.frameCount,
    checkpoint: checkpoint && { nextStep: checkpoint.nextStep, isDenoised: checkpoint.nextStep >= plan.steps },
    hasFrames: last.frames !== null,
    areGapsShort: gaps.length > 0 && gaps.every(isDrawable),
    hasWindow: can('regenerate'),
    canDecodeTiled: can('decode-tiled'),
    canDecodeFp32: can('decode-fp32'),
    standIn: standInFor(unstableExpert(last), plan, manifest),
    nextProvider,
    hasSimplerPrompt: facts.simplerPrompt !== null,
    fewerSteps: fewerSteps(plan),
    fewerFrames: fewerFrames(plan, manifest),
    lowerRung: below && { name: below.name, expectedSeconds: below.expectedSeconds },
    otherPack,
    isEngineUp: host.isUp,
    mayRestart: host.mayRestart,
    prices: pricesOf(plan, rung, attempts, { startSeconds: host.startSeconds, exportSeconds: null }),
    quality: planQuality(plan, request, manifest),
    hasTemplate,
    hasSoundFrame,
    canRenderStill: can('render-still'),
    hasSaferRecipe: false,
    // A still is the last that is rendered: where it fails as well, what is there already has to do.
    ...(isStill(plan) ? { isEngineUp: false, mayRestart: false, otherPack: null, nextProvider: null } : {}),
  };
}

/** What `reshape` has to know after this attempt. */
export function reshapingFor(manifest: PackManifest, plan: RenderPlan, last: Judged | null): Reshaping {
  return {
    pack: manifest,
    unstableExpert: last && unstableExpert(last),
    simplerPrompt: simplerPrompt(plan),
    badFrames: badFrames(last?.report.faults ?? [], plan.frameCount),
  };
}

/** The expert that was at work when the numbers broke. */
function unstableExpert({ report }: Judged): string | null {
  const named = report.faults.find(needsCure)?.evidence['expert'];
  return typeof named === 'string' ? named : (report.experts.at(-1) ?? null);
}

/** Another expert of the rung whose range overlaps: without the unstable one the gate would go to it. */
function standInFor(unstable: string | null, plan: RenderPlan, manifest: PackManifest): string | null {
  const experts = expertsOfRung(manifest.experts, plan.experts);
  const broken = experts.find(({ id }) => id === unstable);
  if (!broken) return null;
  const standIn = experts.find(
    ({ id, sigmaFrom, sigmaTo, weight, standsInFor }) =>
      id !== broken.id &&
      !plan.maskedExperts.includes(id) &&
      sigmaFrom <= broken.sigmaFrom &&
      sigmaTo >= broken.sigmaTo &&
      (weight > 0 || standsInFor.includes(broken.id)),
  );
  return standIn?.id ?? null;
}

/** Null where the words are as plain as they get. */
function simplerPrompt({ prompt }: RenderPlan): string | null {
  const simpler = simplifyPrompt(prompt, detectLanguage(prompt));
  return simpler === prompt || simpler === '' ? null : simpler;
}
