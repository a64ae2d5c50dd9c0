import { z } from 'zod';

import { err, ok, type Result } from '../base/result.ts';

/** A path inside the pack: relative, forward slashes, no way out. */
const packPath = z
  .string()
  .min(1)
  .max(200)
  .regex(/^(?!.*(^|\/)\.\.?(\/|$))[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/, 'must be a relative path inside the pack');

const bilingual = z.strictObject({ en: z.string(), zh: z.string() });
const ratio = z.number().min(0).max(1);

const expert = z.strictObject({
  id: z.string().regex(/^[a-z0-9_]+$/),
  file: packPath,
  /** The range of sigma (0 clean .. 1 noise) in which this expert is meant to work: from <= sigma <= to. */
  sigmaFrom: ratio,
  sigmaTo: ratio,
  /** Classifier-free guidance scale of this expert. */
  guidance: z.number().min(0).max(30),
  /** Preference where ranges overlap; 0 marks a spare that works only as a stand-in. */
  weight: z.number().min(0).max(1),
  standsInFor: z.array(z.string()).readonly(),
});
export type PackExpert = z.infer<typeof expert>;

const solver = z.enum(['unipc', 'euler']);

const rung = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]+$/),
  widthPx: z.int().min(16).max(4096),
  heightPx: z.int().min(16).max(4096),
  frameCount: z.int().min(1).max(1000),
  steps: z.int().min(1).max(200),
  expectedSeconds: z.number().positive(),
  expectedBytes: z.number().positive(),
  /** The experts of this rung alone, as a few-step variant has its own; absent: every expert with a weight. */
  experts: z.array(z.string()).min(1).readonly().optional(),
  /** The solver of this rung alone: a few-step variant has learned Euler's steps; absent: the pack's. */
  solver: solver.optional(),
});
export type Rung = z.infer<typeof rung>;

const manifestShape = z.strictObject({
  format: z.literal('steadyframe-pack'),
  formatVersion: z.literal(1),
  id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  name: bilingual,
  architecture: z.literal('wan2.2-t2v'),
  licence: z.string().min(1),
  provenance: z.strictObject({ weights: z.string(), data: z.string() }),
  tokenizer: z.strictObject({
    file: packPath,
    config: packPath,
    maxTokens: z.int().min(1).max(4096),
    padId: z.int().nonnegative(),
  }),
  textEncoder: z.strictObject({ file: packPath, width: z.int().positive() }),
  /** High noise first, then low noise, then any spares. */
  experts: z.array(expert).min(1).max(8).readonly(),
  /** One graph for the first latent frame (one picture frame) and one for every later frame (strideFrames frames). */
  vaeDecoder: z.strictObject({
    first: packPath,
    next: packPath,
    cacheCount: z.int().nonnegative(),
    /** The same two in higher precision, for when these give something that can't be: opened only then. */
    precise: z.strictObject({ first: packPath, next: packPath }).optional(),
  }),
  latent: z.strictObject({
    channels: z.int().positive(),
    strideFrames: z.int().positive(),
    stridePx: z.int().positive(),
    patchPx: z.int().positive(),
    mean: z.array(z.number()).readonly(),
    std: z.array(z.number().positive()).readonly(),
  }),
  /** Normalised latent [channels] times matrix [channels][3] plus bias gives RGB 0..1: the cheap preview. */
  latentRgb: z.strictObject({
    matrix: z.array(z.array(z.number()).length(3).readonly()).readonly(),
    bias: z.array(z.number()).length(3).readonly(),
  }),
  scheduler: z.strictObject({
    solver,
    shift: z.number().positive(),
    boundaryRatio: ratio,
    timestepScale: z.number().positive(),
  }),
  /**
   * Present where the experts have the output `attention_map` [batch, tokens, latent frames, rows, columns]: a cell is the mean
   * over strideCells × strideCells patches. Maps of a large model stay small.
   */
  attentionMap: z.strictObject({ strideCells: z.int().min(1).max(64) }).optional(),
  fps: z.number().min(1).max(120),
  frameRule: z.strictObject({ multiple: z.int().positive(), offset: z.int().nonnegative() }),
  /** The ladder, best rung first. */
  rungs: z.array(rung).min(1).readonly(),
  languages: z.array(z.enum(['en', 'zh'])).readonly(),
  defaultNegative: bilingual,
  calibration: packPath.nullable(),
  files: z.record(
    packPath,
    z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/), bytes: z.int().nonnegative() }),
  ),
});

/** Every promise between fields that a single field can't check. */
export const packManifest = manifestShape.superRefine((pack, context) => {
  const complain = (message: string): void => context.addIssue({ code: 'custom', message });
  const { channels, mean, std, stridePx, patchPx } = pack.latent;
  if (mean.length !== channels || std.length !== channels || pack.latentRgb.matrix.length !== channels)
    complain(`latent.mean, latent.std and latentRgb.matrix must each have ${channels} entries, one per latent channel`);
  for (const { name, widthPx, heightPx, frameCount } of pack.rungs) {
    const cellPx = stridePx * patchPx;
    if (widthPx % cellPx !== 0 || heightPx % cellPx !== 0)
      complain(`rung ${name}: width and height must be multiples of ${cellPx}`);
    if (!fitsFrameRule(pack.frameRule, frameCount))
      complain(`rung ${name}: frameCount must be ${pack.frameRule.multiple}n+${pack.frameRule.offset}`);
  }
  const used = [
    pack.tokenizer.file,
    pack.tokenizer.config,
    pack.textEncoder.file,
    ...pack.experts.map(({ file }) => file),
    pack.vaeDecoder.first,
    pack.vaeDecoder.next,
    ...Object.values(pack.vaeDecoder.precise ?? {}),
    ...(pack.calibration === null ? [] : [pack.calibration]),
  ];
  for (const file of used) if (!(file in pack.files)) complain(`${file} is used but has no entry in files`);
  const ids = new Set(pack.experts.map(({ id }) => id));
  if (ids.size !== pack.experts.length) complain('expert ids must differ');
  for (const { name, experts = [] } of pack.rungs)
    for (const id of experts) if (!ids.has(id)) complain(`rung ${name} names unknown expert ${id}`);
  for (const { id, sigmaFrom, sigmaTo, standsInFor } of pack.experts) {
    if (sigmaFrom >= sigmaTo) complain(`expert ${id}: sigmaFrom must be below sigmaTo`);
    for (const other of standsInFor)
      if (!ids.has(other)) complain(`expert ${id} stands in for unknown expert ${other}`);
  }
});
export type PackManifest = z.infer<typeof manifestShape>;

/** Names of the graphs' inputs and outputs; a graph that lacks one is refused with that name. */
export const graphNames = {
  textEncoder: { inputs: ['input_ids', 'attention_mask'], outputs: ['last_hidden_state', 'pooled'] },
  expert: {
    inputs: ['hidden_states', 'timestep', 'encoder_hidden_states', 'token_mask'],
    outputs: ['velocity', 'attention_max', 'attention_mean'],
    /** Packs before manifest.attentionMap lack it. */
    optionalOutputs: ['attention_map'],
  },
  vaeFirst: { inputs: ['latent'], outputs: ['frames'] },
  vaeNext: { inputs: ['latent'], outputs: ['frames'] },
} as const;

/** Frame counts that a causal VAE can decode: multiple * n + offset. */
export function fitsFrameRule(rule: PackManifest['frameRule'], frameCount: number): boolean {
  return frameCount >= rule.offset && (frameCount - rule.offset) % rule.multiple === 0;
}

/** Text from disk is unknown until the schema says otherwise. */
export function parsePackManifest(text: string): Result<PackManifest, string> {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return err('pack.json is not complete JSON');
  }
  const parsed = packManifest.safeParse(raw);
  return parsed.success ? ok(parsed.data) : err(describeIssues(parsed.error));
}

/** One line that names every offending field. */
export function describeIssues(error: z.ZodError): string {
  return error.issues
    .map((issue) => (issue.path.length > 0 ? `${issue.path.join('.')}: ${issue.message}` : issue.message))
    .join('; ');
}
