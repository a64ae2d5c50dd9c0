import type { CauseName, CureName } from '../contract/cure.ts';

/** What is left when nothing can be rendered: marked for what it is. */
const standIns = ['still-motion', 'render-still', 'template', 'fallback-clip'] as const satisfies readonly CureName[];

/**
 * The recovery tree: for each cause its cures, cheapest first; the guards that stand on them are with the cures
 * themselves (cures.ts). Every list ends with a clip. Order is meaning: a cure that failed rules out all before it.
 */
export const tree: Readonly<Record<CauseName, readonly CureName[]>> = {
  // Nobody can render it; a simpler wording may still be legal.
  'prompt-unusable': ['simplify-prompt', 'template', 'fallback-clip'],
  // What the pack hasn't learned, it may still get right with another draw or plainer words; else it stays a good clip.
  'prompt-beyond-model': ['new-seed', 'simplify-prompt', 'carry-on', ...standIns],
  // Caches and the encoder itself are fresh after a restart; no picture gets better by being smaller.
  'encoder-drift': ['restart-clean', 'simplify-prompt', 'carry-on', ...standIns],
  // The engine is asked once more before it is replaced: to learn that it was chance costs one short stage.
  'text-numbers': ['resume', 'restart-clean', 'next-provider', 'simplify-prompt', 'template', 'fallback-clip'],
  // Seen once. The same work again from the last good latents tells whether it was chance.
  'passing-glitch': ['resume', 'restart-clean', 'new-seed', 'lower-rung', ...standIns],
  // The same seed gives the same picture: only another one can be better.
  'bad-draw': ['new-seed', 'simplify-prompt', 'fewer-steps', 'lower-rung', 'carry-on', ...standIns],
  // It came back with another seed: not the draw but the arithmetic is wrong.
  numbers: ['reroute-expert', 'next-provider', 'fewer-steps', 'lower-rung', ...standIns],
  'expert-unstable': ['reroute-expert', 'restart-clean', 'next-provider', 'new-seed', 'lower-rung', ...standIns],
  // The latents are sound: denoising again would be wasted.
  'decoder-numbers': [
    'decode-again',
    'decode-tiled',
    'decode-fp32',
    'restart-clean',
    'new-seed',
    'lower-rung',
    ...standIns,
  ],
  // Black or grainy where the rest is sound: the decoder lost them, so it may find them again.
  'few-lost-frames': ['decode-again', 'interpolate', 'regenerate', 'new-seed', 'lower-rung', ...standIns],
  // Torn, frozen or flickering: that is in the latents, and decoding them again shows it again.
  'few-bad-frames': ['interpolate', 'regenerate', 'new-seed', 'fewer-steps', 'carry-on', ...standIns],
  // Others come and go, and what was there before the refused step is sound: one more step tells whether it lasts.
  'memory-refused': ['resume', 'next-provider', 'fewer-frames', 'lower-rung', ...standIns],
  // Less at a time; fewer steps need as much memory as many.
  'memory-short': ['decode-tiled', 'next-provider', 'fewer-frames', 'lower-rung', ...standIns],
  'too-slow': ['fewer-steps', 'fewer-frames', 'lower-rung', 'carry-on', ...standIns],
  'too-hot': ['next-provider', 'fewer-steps', 'fewer-frames', 'lower-rung', 'carry-on', ...standIns],
  // What is not installed is not there a moment later either.
  'provider-missing': ['next-provider', 'restart-clean', 'other-pack', ...standIns],
  'provider-refuses': ['resume', 'restart-clean', 'next-provider', 'lower-rung', ...standIns],
  'card-gone': ['next-provider', 'restart-clean', 'lower-rung', ...standIns],
  // A crash is rarely the work's fault: the same once more, from the saved latents.
  'engine-died': ['resume', 'restart-clean', 'next-provider', 'lower-rung', ...standIns],
  'engine-hangs': ['resume', 'restart-clean', 'next-provider', 'lower-rung', ...standIns],
  // It died twice at the same place: the work itself kills it, so the work has to change.
  'work-kills-engine': ['decode-tiled', 'next-provider', 'new-seed', 'fewer-frames', 'lower-rung', ...standIns],
  // It may have been shot twice; what dies three times in a row does so by itself.
  'start-fails': ['restart-clean', 'next-provider', 'other-pack', ...standIns],
  // Nothing more is rendered on it, not even a still.
  'engine-broken': ['next-provider', 'other-pack', 'still-motion', 'template', 'fallback-clip'],
  'pack-damaged': ['other-pack', 'template', 'fallback-clip'],
  'encoder-fails': ['safer-recipe', 'fallback-clip'],
  // No clip fits where there is no room; the job is kept and named by its loop.
  'no-room': ['fallback-clip'],
};
