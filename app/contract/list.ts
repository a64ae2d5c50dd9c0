/**
 * Every closed list of names, and nothing that checks: the page reads them, and a schema would bring all of zod into it. The schemas that
 * are made of them stand in the files of their subjects.
 */

/** The stages of a request, in the order in which it walks through them. */
export const stageNames = [
  'prompt',
  'precheck',
  'plan',
  'text',
  'denoise',
  'decode',
  'monitor',
  'recovery',
  'export',
] as const;

/** Every fault that a run can have: the closed taxonomy that reports, metrics and the recovery tree share. */
export const faultKinds = [
  'prompt-invalid',
  'prompt-out-of-distribution',
  'embedding-drift',
  'latent-nonfinite',
  'latent-out-of-band',
  'denoise-stalled',
  'attention-neglected',
  'attention-collapsed',
  'expert-unstable',
  'decode-nonfinite',
  'frames-black',
  'frames-noise',
  'frames-frozen',
  'frames-torn',
  'frames-flicker',
  'motion-implausible',
  'memory-pressure',
  'out-of-memory',
  'slow-query',
  'provider-failed',
  'engine-crashed',
  'engine-hung',
  'pack-corrupt',
  'pack-misconfigured',
  'disk-full',
  'encoder-failed',
  'output-unwritable',
  'gpu-overheating',
  'gpu-lost',
] as const;

/** Every cure, cheapest first. */
export const actionKinds = [
  'continue',
  'repair-frames',
  'redecode',
  'resume',
  'reroute-expert',
  'switch-provider',
  'restart-clean',
  'new-seed',
  'simplify-prompt',
  'fewer-steps',
  'fewer-frames',
  'lower-rung',
  'still-motion',
  'template',
  'fallback-clip',
] as const;

/** How good the delivered clip is, best first; a lower grade is never passed off as a higher one. */
export const gradeNames = ['full', 'repaired', 'degraded', 'still', 'template', 'fallback'] as const;

export const findingKinds = [
  'empty',
  'incomplete',
  'too-abstract',
  'too-dense',
  'nested-negation',
  'vague-simile',
  'sensitive',
  'out-of-distribution',
  'too-long',
  'hidden-characters',
] as const;

/** Every cause that a fault can be put down to: the heads of the recovery tree's branches. */
export const causeNames = [
  'prompt-unusable',
  'prompt-beyond-model',
  'encoder-drift',
  'text-numbers',
  'passing-glitch',
  'bad-draw',
  'numbers',
  'expert-unstable',
  'decoder-numbers',
  'few-lost-frames',
  'few-bad-frames',
  'memory-refused',
  'memory-short',
  'too-slow',
  'too-hot',
  'provider-missing',
  'provider-refuses',
  'card-gone',
  'engine-died',
  'engine-hangs',
  'work-kills-engine',
  'start-fails',
  'engine-broken',
  'pack-damaged',
  'encoder-fails',
  'no-room',
] as const;

/** Every cure by the way in which it is done; several may carry out one action. Cheapest first. */
export const cureNames = [
  'safer-recipe',
  'decode-again',
  'decode-tiled',
  'decode-fp32',
  'interpolate',
  'regenerate',
  'resume',
  'reroute-expert',
  'next-provider',
  'restart-clean',
  'new-seed',
  'simplify-prompt',
  'fewer-steps',
  'fewer-frames',
  'lower-rung',
  'other-pack',
  'carry-on',
  'still-motion',
  'render-still',
  'template',
  'fallback-clip',
] as const;

export const frameFigureNames = [
  'luma',
  'psnrDb',
  'ssim',
  'flowMagnitudePx',
  'flowEntropyBits',
  'warpErrorRatio',
] as const;

export const timedStages = ['text', 'denoise', 'decode', 'monitor', 'export'] as const;

/** What is shown where no clip could be made. */
export const standInKinds = ['time-lapse', 'waiting', 'loading'] as const;

/** Why a picture is not taken as a logo. */
export const logoProblems = [
  'not-png',
  'no-size',
  'too-many-pixels',
  'too-large',
  'undecodable',
  'unreadable',
] as const;

/** Why an engine can't be used: it died too often, or could not load; the last ones are the reasons of its contract. */
export const engineProblems = [
  'died-too-often',
  'pack-corrupt',
  'pack-misconfigured',
  'provider-failed',
  'out-of-memory',
] as const;
export type EngineProblem = (typeof engineProblems)[number];
