import { z } from 'zod';

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
export const stageName = z.enum(stageNames);
export type StageName = z.infer<typeof stageName>;

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
export const faultKind = z.enum(faultKinds);
export type FaultKind = z.infer<typeof faultKind>;

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
export const actionKind = z.enum(actionKinds);
export type ActionKind = z.infer<typeof actionKind>;

/** How good the delivered clip is, best first; a lower grade is never passed off as a higher one. */
export const gradeNames = ['full', 'repaired', 'degraded', 'still', 'template', 'fallback'] as const;
export const gradeName = z.enum(gradeNames);
export type GradeName = z.infer<typeof gradeName>;

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
export const findingKind = z.enum(findingKinds);

export const languageName = z.enum(['zh', 'en', 'other']);
export type LanguageName = z.infer<typeof languageName>;
