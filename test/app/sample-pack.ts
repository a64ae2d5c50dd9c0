import type { JobRequest } from '../../app/contract/job.ts';
import { packManifest, type PackManifest } from '../../app/contract/pack.ts';
import type { Reshaping } from '../../app/plan/render-plan.ts';

/** A manifest's raw content, to be damaged by tests. */
export function sampleManifest() {
  const bilingual = { en: 'blurry', zh: '模糊' };
  const names = ['tokenizer.json', 'config.json', 'text.onnx', 'high.onnx', 'low.onnx', 'first.onnx', 'next.onnx'];
  const expert = { guidance: 4, weight: 1, standsInFor: [] as string[] };
  const rung = { expectedSeconds: 10, expectedBytes: 1e8 };
  return {
    format: 'steadyframe-pack',
    formatVersion: 1,
    id: 'sample',
    version: '1.0.0',
    name: { en: 'Sample', zh: '样例' },
    architecture: 'wan2.2-t2v',
    licence: 'MIT',
    provenance: { weights: 'none', data: 'none' },
    tokenizer: { file: 'tokenizer.json', config: 'config.json', maxTokens: 64, padId: 0 },
    textEncoder: { file: 'text.onnx', width: 32 },
    experts: [
      { ...expert, id: 'high', file: 'high.onnx', sigmaFrom: 0.875, sigmaTo: 1 },
      { ...expert, id: 'low', file: 'low.onnx', sigmaFrom: 0, sigmaTo: 0.875 },
    ],
    vaeDecoder: { first: 'first.onnx', next: 'next.onnx', cacheCount: 2 },
    latent: { channels: 2, strideFrames: 4, stridePx: 8, patchPx: 2, mean: [0, 0], std: [1, 1] },
    latentRgb: {
      matrix: [
        [1, 0, 0],
        [0, 1, 0],
      ],
      bias: [0.5, 0.5, 0.5],
    },
    scheduler: { solver: 'unipc', shift: 5, boundaryRatio: 0.875, timestepScale: 1000 },
    fps: 8,
    frameRule: { multiple: 4, offset: 1 },
    rungs: [
      { ...rung, name: 'standard', widthPx: 128, heightPx: 64, frameCount: 17, steps: 12 },
      { ...rung, name: 'quick', widthPx: 64, heightPx: 32, frameCount: 9, steps: 6 },
    ],
    languages: ['en', 'zh'],
    defaultNegative: bilingual,
    calibration: null as string | null,
    files: Object.fromEntries(names.map((name) => [name, { sha256: 'a'.repeat(64), bytes: 1 }])),
  };
}

export const samplePack: PackManifest = packManifest.parse(sampleManifest());

export const sampleRequest: JobRequest = {
  prompt: 'a red ball',
  negative: '',
  packId: 'sample',
  rung: 'standard',
  frameCount: 17,
  steps: 12,
  seed: 1,
  policy: 'auto',
  delivery: { widthPx: 1280, heightPx: 720, fps: 16, codec: 'h264' },
  deadlineSeconds: null,
  isPackChosen: false,
  projectId: 'default',
};

/** What a cure knows beyond the plan: the sample pack and nothing else, unless it is said. */
export const reshaping = (part: Partial<Reshaping> = {}): Reshaping => ({
  pack: samplePack,
  unstableExpert: null,
  simplerPrompt: null,
  badFrames: [],
  ...part,
});
