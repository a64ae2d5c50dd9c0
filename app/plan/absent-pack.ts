import type { JobRequest } from '../contract/job.ts';
import type { PackManifest } from '../contract/pack.ts';

/** What is asked of a pack that nobody can ask about its rungs. */
export type AbsentRung = Pick<JobRequest, 'rung' | 'frameCount' | 'steps'> & { readonly fps: number };

/** Two seconds of a stand-in, where nothing else is said. */
export const ABSENT_RUNG: AbsentRung = { rung: 'standard', frameCount: 33, steps: 20, fps: 16 };

/**
 * The manifest of a pack that is gone or can't be read: nothing can be rendered with it, and a request can be checked and answered with a
 * stand-in all the same.
 */
export function absentPack(id: string, { rung, frameCount, steps, fps }: AbsentRung): PackManifest {
  const nothing = { en: '', zh: '' };
  const file = 'absent';
  const size = { widthPx: 16, heightPx: 16 };
  return {
    format: 'steadyframe-pack',
    formatVersion: 1,
    id,
    version: '0.0.0',
    name: { en: id, zh: id },
    architecture: 'wan2.2-t2v',
    licence: '-',
    provenance: { weights: '-', data: '-' },
    tokenizer: { file, config: file, maxTokens: 1, padId: 0 },
    textEncoder: { file, width: 1 },
    experts: [],
    vaeDecoder: { first: file, next: file, cacheCount: 0 },
    latent: { channels: 1, strideFrames: 1, stridePx: 8, patchPx: 2, mean: [0], std: [1] },
    latentRgb: { matrix: [[0, 0, 0]], bias: [0, 0, 0] },
    scheduler: { solver: 'euler', shift: 1, boundaryRatio: 0, timestepScale: 1 },
    fps,
    frameRule: { multiple: 1, offset: 1 },
    rungs: [{ name: rung, ...size, frameCount, steps, expectedSeconds: 1, expectedBytes: 1 }],
    languages: [],
    defaultNegative: nothing,
    calibration: null,
    files: {},
  };
}
