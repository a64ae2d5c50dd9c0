import fc from 'fast-check';

import type { FaultKind } from '../../../app/contract/name.ts';
import { faultKinds, stageNames } from '../../../app/contract/list.ts';
import { stance, type RecoveryPolicy } from '../../../app/contract/policy.ts';
import { defaultPolicy } from '../../../app/contract/default.ts';
import { actionKinds } from '../../../app/contract/list.ts';
import type { AttemptReport, FaultReport } from '../../../app/contract/report.ts';
import type { Means, Situation } from '../../../app/contract/situation.ts';
import { faultOf } from '../../../app/monitor/fault.ts';
import { diagnose } from '../../../app/recovery/diagnose.ts';

/** An attempt of twelve steps that ended with these faults. */
export function attemptOf(faults: readonly FaultReport[], part: Partial<AttemptReport> = {}): AttemptReport {
  return {
    index: 0,
    seed: 1,
    rung: 'standard',
    experts: ['high'],
    provider: 'cpu',
    stageMs: { text: 10, denoise: 1_200, decode: 300, monitor: 5, export: 0 },
    stepsRun: 12,
    stepsPlanned: 12,
    savedSeconds: null,
    faults,
    ...part,
  };
}

/** Everything can be had. */
export const richMeans: Means = {
  steps: 12,
  frameCount: 17,
  checkpoint: { nextStep: 12, isDenoised: true },
  hasFrames: true,
  hasSoundFrame: true,
  canRenderStill: true,
  areGapsShort: true,
  hasWindow: true,
  canDecodeTiled: true,
  canDecodeFp32: true,
  standIn: 'spare',
  nextProvider: 'cpu',
  hasSimplerPrompt: true,
  fewerSteps: 6,
  fewerFrames: 9,
  lowerRung: { name: 'quick', expectedSeconds: 1 },
  otherPack: 'other',
  hasTemplate: true,
  hasSaferRecipe: true,
  isEngineUp: true,
  mayRestart: true,
  prices: {
    startSeconds: 1,
    textSeconds: 0.02,
    stepSeconds: 0.1,
    decodeSeconds: 0.3,
    exportSeconds: 1,
    drawSeconds: 0.01,
  },
  quality: 1,
};

/** Nothing but the engine. */
export const poorMeans: Means = {
  ...richMeans,
  ...{ checkpoint: null, hasFrames: false, hasSoundFrame: false, canRenderStill: false },
  ...{ areGapsShort: false, hasWindow: false, canDecodeTiled: false, canDecodeFp32: false },
  ...{ standIn: null, nextProvider: null, hasSimplerPrompt: false, fewerSteps: null, fewerFrames: null },
  ...{ lowerRung: null, otherPack: null, hasTemplate: false, hasSaferRecipe: false },
};

export function situationOf(kind: FaultKind, part: Partial<Situation> = {}): Situation {
  const [diagnosis] = diagnose([attemptOf([faultOf(kind, 'denoise', {}, { step: 3 })])]);
  if (!diagnosis) throw new Error('bug: a fault has a diagnosis');
  return {
    diagnosis,
    trials: [],
    means: richMeans,
    policy: defaultPolicy,
    budget: { curesLeft: 8, secondsLeft: null },
    ...part,
  };
}

const seconds = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const bool = fc.boolean();

/**
 * Any means. Text and decoding take at most half of an attempt: that is what the order of the tree is made for, and what
 * every video model of this shape keeps to by far.
 */
export const anyMeans: fc.Arbitrary<Means> = fc
  .record({
    steps: fc.integer({ min: 4, max: 60 }),
    frameCount: fc.integer({ min: 2, max: 121 }),
    stepSeconds: seconds(0.01, 60),
    textShare: seconds(0, 0.1),
    decodeShare: seconds(0, 0.4),
    startSeconds: seconds(0, 60),
    exportSeconds: seconds(0, 30),
    drawShare: seconds(0, 0.1),
    quality: seconds(0.05, 1),
    checkpointAt: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
    flags: fc.array(bool, { minLength: 18, maxLength: 18 }),
  })
  .map((drawn) => {
    const { steps, frameCount, flags } = drawn;
    const flag = (i: number): boolean => flags[i] ?? false;
    const denoiseSeconds = drawn.stepSeconds * steps;
    const nextStep = drawn.checkpointAt === null ? null : Math.round(drawn.checkpointAt * steps);
    return {
      steps,
      frameCount,
      checkpoint: nextStep === null ? null : { nextStep, isDenoised: nextStep >= steps },
      hasFrames: flag(0),
      hasSoundFrame: flag(1),
      canRenderStill: flag(17),
      areGapsShort: flag(2),
      hasWindow: flag(3),
      canDecodeTiled: flag(4),
      canDecodeFp32: flag(5),
      standIn: flag(6) ? 'spare' : null,
      nextProvider: flag(7) ? 'cpu' : null,
      hasSimplerPrompt: flag(8),
      fewerSteps: flag(9) ? Math.max(1, Math.floor(steps / 2)) : null,
      fewerFrames: flag(10) ? Math.max(1, Math.floor(frameCount / 2)) : null,
      lowerRung: flag(11) ? { name: 'quick', expectedSeconds: denoiseSeconds / 2 } : null,
      otherPack: flag(12) ? 'other' : null,
      hasTemplate: flag(13),
      hasSaferRecipe: flag(14),
      isEngineUp: flag(15),
      mayRestart: flag(16),
      prices: {
        startSeconds: drawn.startSeconds,
        textSeconds: denoiseSeconds * drawn.textShare,
        stepSeconds: drawn.stepSeconds,
        decodeSeconds: denoiseSeconds * drawn.decodeShare,
        exportSeconds: drawn.exportSeconds,
        drawSeconds: drawn.stepSeconds * drawn.drawShare,
      },
      quality: drawn.quality,
    };
  });

export const anyFault: fc.Arbitrary<FaultReport> = fc
  .record({
    kind: fc.constantFrom(...faultKinds),
    stage: fc.constantFrom(...stageNames),
    step: fc.option(fc.integer({ min: 0, max: 59 })),
    frame: fc.option(fc.integer({ min: 0, max: 120 })),
    frameCount: fc.option(fc.integer({ min: 1, max: 121 })),
    clipFrames: fc.integer({ min: 1, max: 121 }),
    isStarting: bool,
    memoryRatio: seconds(0, 1),
  })
  .map(({ kind, stage, step, frame, frameCount, clipFrames, isStarting, memoryRatio }) =>
    faultOf(
      kind,
      stage,
      { clipFrames, memoryRatio, ...(isStarting ? { whileStarting: true } : {}) },
      { step, frame, frameCount },
    ),
  );

export const anyAttempt: fc.Arbitrary<AttemptReport> = fc
  .record({
    faults: fc.array(anyFault, { minLength: 1, maxLength: 3 }),
    seed: fc.integer({ min: 0, max: 3 }),
    experts: fc.subarray(['high', 'low', 'spare']),
  })
  .map(({ faults, seed, experts }) => attemptOf(faults, { seed, experts }));

export const anyPolicy: fc.Arbitrary<RecoveryPolicy> = fc
  .record({
    mode: fc.constantFrom('auto' as const, 'auto' as const, 'off' as const),
    stances: fc.array(fc.tuple(fc.constantFrom(...actionKinds), fc.constantFrom(...stance.options)), { maxLength: 6 }),
  })
  .map(({ mode, stances }) => ({ ...defaultPolicy, mode, stances: Object.fromEntries(stances) }));
