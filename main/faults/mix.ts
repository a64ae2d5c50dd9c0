import type { Injection } from '../../app/contract/injection.ts';
import { parseInjection } from '../../app/contract/injection-text.ts';

/** What a long day brings: each of these once or more often, or nothing at all. */
const mix = [
  null,
  null,
  'latent-nonfinite@denoise',
  'latent-nonfinite@denoisex2',
  'latent-out-of-band@denoise',
  'latents-garbled@denoise',
  'denoise-stalled@denoise',
  'attention-collapsed@denoise',
  'expert-unstable',
  'decode-nonfinite@decode',
  'decode-nonfinite@decodex2',
  'frames-black@decode',
  'frames-noise@decode',
  'frames-torn@decode',
  'frames-flicker@decode',
  'engine-crashed@denoise',
  'engine-crashed@decode',
  'engine-aborted@denoise',
  'engine-threw@denoise',
  'message-lost@denoise',
  'out-of-memory@denoise',
  'provider-failed@denoise',
  'encoder-failed@export',
  'text-nonfinite@text',
] as const;

const prompts = [
  'A penguin walks to the right in the snow',
  '公园里有一只老虎往左走',
  'a rocket takes off in the city',
  '沙滩上的蝴蝶往上飞',
] as const;

export interface MixedRun {
  readonly prompt: string;
  readonly seed: number;
  /** As it would be typed after `--fault`; null for a calm run. */
  readonly fault: string | null;
  readonly injections: readonly Injection[];
}

/** Runs of a mix, each of which depends on its own seed alone: what was cut off goes on with the seed that comes next. */
export function* mixedRuns(count: number, firstSeed: number): Generator<MixedRun> {
  for (let seed = firstSeed; seed < firstSeed + count; seed += 1) {
    const chance = scattered(seed);
    const fault = mix[(chance >>> 8) % mix.length] ?? null;
    yield {
      prompt: prompts[(chance >>> 16) % prompts.length] ?? prompts[0],
      seed,
      fault,
      injections: fault === null ? [] : [injectionOf(fault)],
    };
  }
}

/** So many different faults for one run, as they would be typed after `--fault`. */
export function severalFaults(count: number, seed: number): readonly string[] {
  const faults = mix.filter((fault) => fault !== null);
  const order = faults.map((fault, i) => ({ fault, place: scattered(seed + scattered(i + 1)) }));
  return order
    .toSorted((a, b) => a.place - b.place)
    .slice(0, count)
    .map(({ fault }) => fault);
}

function injectionOf(fault: string): Injection {
  const injection = parseInjection(fault);
  if (!injection.ok) throw new Error(`bug: ${fault} is not legal`);
  return injection.value;
}

/** Neighbouring numbers to numbers that have nothing to do with each other (the end of MurmurHash3). */
function scattered(seed: number): number {
  let bits = seed >>> 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
