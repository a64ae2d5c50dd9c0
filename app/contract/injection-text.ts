import { err, ok, type Result } from '../base/result.ts';
import type { Injection } from './injection.ts';
import { faultKinds } from './list.ts';
import type { StageName } from './name.ts';

/** Ways in which a run goes wrong on purpose that are no fault kind of their own, but lead to one. */
export const extraInjectionNames = [
  'text-nonfinite',
  'latents-garbled',
  'expert-refuses',
  'slow-step',
  'engine-aborted',
  'engine-stopped',
  'engine-threw',
  'message-lost',
] as const;
export const injectionNames = [...faultKinds, ...extraInjectionNames] as const;
export type InjectionName = (typeof injectionNames)[number];

/** What the number in `NAME@STAGE:N` counts; all of them from 0. */
export type InjectionUnit = 'step' | 'latent frame' | 'frame';

export interface InjectionFacts {
  /** Where it may strike; the first one is meant when none is named. */
  readonly stages: readonly StageName[];
  /** Who carries it out: the engine on its tensors, or main around the engine. */
  readonly by: 'engine' | 'main';
  /** Once at its place, or from there on to the end of the attempt. */
  readonly lasts: 'once' | 'on';
  /** How many attempts it strikes when no number is given. */
  readonly times: number;
}

/** So many attempts that no job has more: a fault that stays until its cause is removed. */
export const ALWAYS = 1_000;
const once = { by: 'engine', lasts: 'once', times: 1 } as const;
const on = { by: 'engine', lasts: 'on', times: 1 } as const;
const inMain = { by: 'main', lasts: 'once', times: 1 } as const;
const anyUnit = ['denoise', 'text', 'decode'] as const;

/** Every name, and where and how long it strikes. What each one does is told in main/engine/README.md. */
export const injectionFacts: Readonly<Record<InjectionName, InjectionFacts>> = {
  'prompt-invalid': { ...inMain, stages: ['precheck'] },
  'prompt-out-of-distribution': { ...once, stages: ['text'] },
  'embedding-drift': { ...once, stages: ['text'] },
  'text-nonfinite': { ...once, stages: ['text'] },
  'latent-nonfinite': { ...once, stages: ['denoise'] },
  'latent-out-of-band': { ...once, stages: ['denoise'] },
  'latents-garbled': { ...once, stages: ['denoise'] },
  'denoise-stalled': { ...on, stages: ['denoise'] },
  'attention-neglected': { ...on, stages: ['denoise'] },
  'attention-collapsed': { ...on, stages: ['denoise'] },
  'expert-unstable': { ...on, stages: ['denoise'], times: ALWAYS },
  'expert-refuses': { ...on, stages: ['denoise'], times: ALWAYS },
  'decode-nonfinite': { ...once, stages: ['decode'] },
  'frames-black': { ...once, stages: ['decode'] },
  'frames-noise': { ...once, stages: ['decode'] },
  'frames-frozen': { ...once, stages: ['decode'] },
  'frames-torn': { ...once, stages: ['decode'] },
  'frames-flicker': { ...once, stages: ['decode'] },
  'motion-implausible': { ...once, stages: ['decode'] },
  'memory-pressure': { ...inMain, stages: ['monitor'] },
  'out-of-memory': { ...once, stages: anyUnit },
  'slow-query': { ...on, stages: anyUnit },
  'slow-step': { ...once, stages: anyUnit },
  'provider-failed': { ...once, stages: anyUnit },
  'engine-crashed': { ...once, stages: anyUnit },
  'engine-aborted': { ...once, stages: anyUnit },
  'engine-hung': { ...once, stages: anyUnit },
  'engine-stopped': { ...once, stages: anyUnit },
  'engine-threw': { ...once, stages: anyUnit },
  'message-lost': { ...once, stages: anyUnit },
  'pack-corrupt': { ...inMain, stages: ['plan'] },
  'pack-misconfigured': { ...once, stages: anyUnit },
  'disk-full': { ...inMain, stages: ['export', 'decode', 'denoise'] },
  'encoder-failed': { ...inMain, stages: ['export'] },
  'output-unwritable': { ...inMain, stages: ['export', 'decode'] },
  'gpu-overheating': { ...inMain, stages: ['monitor'] },
  'gpu-lost': { ...inMain, stages: ['monitor'] },
};

/** What N counts for this injection; null where a number means nothing. */
export function injectionUnit(name: InjectionName, at: StageName): InjectionUnit | null {
  if (injectionFacts[name].by === 'main') return null;
  if (name === 'latents-garbled') return 'latent frame';
  if (at === 'denoise') return 'step';
  if (at !== 'decode') return null;
  return name.startsWith('frames-') || name === 'motion-implausible' ? 'frame' : 'latent frame';
}

export interface InjectionProblem {
  readonly value: string;
  /** The legal values, ready to be shown. */
  readonly legal: string;
}

const FORM = 'NAME[@STAGE[:N]][xK]';

/** Read `latent-nonfinite@denoise:7x2`; what is not legal is refused with what would be. */
export function parseInjection(text: string): Result<Injection, InjectionProblem> {
  const refuse = (legal: string): Result<never, InjectionProblem> => err({ value: text, legal });
  const parts = /^([a-z-]+?)(?:@([a-z]+)(?::(\d{1,6}))?)?(?:x(\d{1,6}))?$/.exec(text.trim());
  if (!parts) return refuse(`${FORM}, for example latent-nonfinite@denoise:7x2`);
  const name = injectionNames.find((one) => one === parts[1]);
  if (name === undefined) return refuse(`as a name: ${injectionNames.join(', ')}`);
  const { stages, times } = injectionFacts[name];
  const named = stages.find((one) => one === (parts[2] ?? stages[0]));
  if (!named) return refuse(`as the stage of ${name}: ${stages.join(', ')}`);
  const at = parts[3] === undefined ? null : Number(parts[3]);
  if (at !== null && injectionUnit(name, named) === null) return refuse(`${name}@${named} without a number`);
  const wanted = parts[4] === undefined ? times : Number(parts[4]);
  if (wanted < 1 || wanted > ALWAYS) return refuse(`x1 to x${ALWAYS}`);
  return ok({ name, stage: named, at, times: wanted });
}

/** The text that `parseInjection` reads back to the same injection. */
export function injectionText({ name, stage: where, at, times }: Injection): string {
  return `${name}@${where}${at === null ? '' : `:${at}`}x${times}`;
}

/** Null where the number of every injection lies within the run; else the first that does not. */
export function checkInjections(
  injections: readonly Injection[],
  run: { readonly steps: number; readonly frameCount: number; readonly latentFrames: number },
): InjectionProblem | null {
  const counts = { step: run.steps, frame: run.frameCount, 'latent frame': run.latentFrames } as const;
  for (const one of injections) {
    const unit = injectionUnit(one.name, one.stage);
    if (one.at !== null && unit !== null && one.at >= counts[unit])
      return { value: injectionText(one), legal: `${unit} 0 to ${counts[unit] - 1} of this run` };
  }
  return null;
}
