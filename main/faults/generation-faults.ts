import type { FaultKind, GradeName } from '../../app/contract/name.ts';
import type { Expectation, FaultLayer } from '../../app/recovery/matrix.ts';
import type { Scenario } from './scenario.ts';

/** Put in by the program's own lab (`--fault`), at the place where the real fault would arise. */
function injected(
  name: string,
  layer: FaultLayer,
  spec: string,
  expected: Expectation,
  args: readonly string[] = [],
): Scenario {
  return {
    name,
    layer,
    expected,
    // When it strikes can't be told from outside, so the time until it is seen is not either.
    run: async (lab) => lab.render(['--fault', spec, ...args]),
  };
}

const cured = (atBest: GradeName, ...faults: readonly FaultKind[]): Expectation => ({ kind: 'cured', faults, atBest });
const EVER = 'x99';

export const generationFaults: readonly Scenario[] = [
  injected(
    'latent-nonfinite',
    'latent',
    'latent-nonfinite@denoise:9',
    cured('repaired', 'latent-nonfinite', 'expert-unstable'),
  ),
  injected(
    'latent-nonfinite-first-step',
    'latent',
    'latent-nonfinite@denoise:0',
    cured('repaired', 'latent-nonfinite', 'expert-unstable'),
  ),
  injected(
    'latent-nonfinite-always',
    'latent',
    `latent-nonfinite@denoise:9${EVER}`,
    cured('degraded', 'latent-nonfinite', 'expert-unstable'),
  ),
  injected('latent-out-of-band', 'latent', 'latent-out-of-band@denoise:9', cured('repaired', 'latent-out-of-band')),
  injected('denoise-stalled', 'latent', 'denoise-stalled@denoise:9', cured('repaired', 'denoise-stalled')),
  // More frames in a row than can be drawn, and decoding them again shows them again: a window of latents is made anew.
  injected(
    'latents-garbled',
    'latent',
    'latents-garbled@denoise:2',
    cured('repaired', 'motion-implausible', 'frames-noise', 'frames-torn'),
    ['--rung', 'standard', '--steps', '20'],
  ),
  injected(
    'attention-collapsed',
    'attention',
    'attention-collapsed@denoise:9',
    cured('repaired', 'attention-collapsed'),
  ),
  injected('attention-neglected', 'attention', 'attention-neglected@denoise', {
    kind: 'advised',
    of: 'attention-neglected',
  }),
  injected('expert-unstable', 'expert', 'expert-unstable', cured('repaired', 'expert-unstable', 'latent-nonfinite')),
  injected('expert-refuses', 'expert', 'expert-refuses', cured('repaired', 'expert-unstable', 'provider-failed')),
  injected('decode-nonfinite', 'decode', 'decode-nonfinite@decode:1', cured('repaired', 'decode-nonfinite')),
  injected('decode-nonfinite-always', 'decode', `decode-nonfinite@decode:1${EVER}`, cured('still', 'decode-nonfinite')),
  injected('frames-black', 'frames', 'frames-black@decode:4', cured('repaired', 'frames-black')),
  injected('frames-noise', 'frames', 'frames-noise@decode:4', cured('repaired', 'frames-noise')),
  injected('frames-frozen', 'frames', 'frames-frozen@decode:2', cured('repaired', 'frames-frozen')),
  injected('frames-torn', 'frames', 'frames-torn@decode:4', cured('repaired', 'frames-torn')),
  injected('frames-flicker', 'frames', 'frames-flicker@decode:1', cured('repaired', 'frames-flicker')),
  injected(
    'motion-implausible',
    'frames',
    'motion-implausible@decode:4',
    cured('repaired', 'motion-implausible', 'frames-torn'),
  ),
  injected('engine-crashed', 'engine', 'engine-crashed@denoise:9', cured('repaired', 'engine-crashed')),
  injected('engine-hung', 'engine', 'engine-hung@denoise:9', cured('repaired', 'engine-hung')),
  injected('out-of-memory', 'resource', 'out-of-memory@denoise:9', cured('repaired', 'out-of-memory')),
  injected('memory-pressure', 'resource', 'memory-pressure', cured('full', 'memory-pressure')),
  injected('gpu-overheating', 'resource', 'gpu-overheating', { kind: 'advised', of: 'gpu-overheating' }),
  injected('provider-failed', 'provider', 'provider-failed@denoise:9', cured('repaired', 'provider-failed')),
  // No card took part: the clip is sound, and the card's absence is told.
  injected('gpu-lost', 'provider', 'gpu-lost', { kind: 'advised', of: 'gpu-lost' }),
  injected('encoder-failed', 'encoder', 'encoder-failed@export', cured('full', 'encoder-failed')),
  injected('embedding-drift', 'text', 'embedding-drift@text', { kind: 'advised', of: 'embedding-drift' }),
  injected('text-nonfinite', 'text', 'text-nonfinite', cured('repaired', 'latent-nonfinite')),
  injected('policy-off', 'frames', 'frames-black@decode:4', cured('degraded', 'frames-black'), ['--policy', 'off']),
];
