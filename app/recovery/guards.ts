import type { FaultKind } from '../contract/name.ts';
import type { Diagnosis, Means } from '../contract/situation.ts';

/** A clip with one of these is no picture at all: nobody would want it as it is. */
const losses: ReadonlySet<FaultKind> = new Set<FaultKind>([
  'latent-nonfinite',
  'decode-nonfinite',
  'frames-black',
  'frames-noise',
]);

export const isLoss = (kind: FaultKind): boolean => losses.has(kind);

/** What a question may look at. */
export type Surroundings = Means & { readonly fault: Diagnosis['fault'] };

/** The questions that stand on the tree's branches. Each looks at one thing. */
export const guards = {
  /** Saved latents, or an engine that can begin again at once: then the beginning is the point. */
  'has-sound-point': ({ checkpoint, isEngineUp }) => checkpoint !== null || isEngineUp,
  'has-denoised-latents': ({ checkpoint }) => checkpoint?.isDenoised === true,
  'has-frames': ({ hasFrames }) => hasFrames,
  'is-watchable': ({ fault }) => !isLoss(fault.kind),
  'has-sound-frame': ({ hasSoundFrame }) => hasSoundFrame,
  'can-render-still': ({ canRenderStill }) => canRenderStill,
  'gaps-are-short': ({ areGapsShort }) => areGapsShort,
  'has-window': ({ hasWindow }) => hasWindow,
  'can-decode-tiled': ({ canDecodeTiled }) => canDecodeTiled,
  'can-decode-fp32': ({ canDecodeFp32 }) => canDecodeFp32,
  'has-stand-in': ({ standIn }) => standIn !== null,
  'has-next-provider': ({ nextProvider }) => nextProvider !== null,
  'has-simpler-prompt': ({ hasSimplerPrompt }) => hasSimplerPrompt,
  'can-do-fewer-steps': ({ fewerSteps }) => fewerSteps !== null,
  'can-do-fewer-frames': ({ fewerFrames }) => fewerFrames !== null,
  'has-lower-rung': ({ lowerRung }) => lowerRung !== null,
  'has-other-pack': ({ otherPack }) => otherPack !== null,
  'has-template': ({ hasTemplate }) => hasTemplate,
  'has-safer-recipe': ({ hasSaferRecipe }) => hasSaferRecipe,
  'engine-can-run': ({ isEngineUp, mayRestart }) => isEngineUp || mayRestart,
  'may-restart': ({ mayRestart }) => mayRestart,
} as const satisfies Record<string, (around: Surroundings) => boolean>;

export type GuardName = keyof typeof guards;
