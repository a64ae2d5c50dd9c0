import type { Strike } from '../../app/contract/injection.ts';
import { injectionFacts } from '../../app/contract/injection-text.ts';
import { tensorFacts, type LatentShape } from '../../app/engine/latent.ts';
import { gaussianNoise, noiseStreams } from '../../app/engine/noise.ts';
import type { FrameSpoiler } from '../../app/engine/spoil.ts';
import { spoilFrames } from '../../app/engine/spoil.ts';
import { isKeyword } from '../../app/monitor/keyword.ts';
import type { ExpertAnswer } from './denoise-stage.ts';
import { breakUnit } from './break-unit.ts';
import type { EncodedText } from './text-stage.ts';

export type UnitStage = 'text' | 'denoise' | 'decode';

/** What an expert was asked, and what the step before had come to. */
export interface Question {
  readonly expert: string;
  readonly sigma: number;
  /** Like the previous clean prediction [channels, frames, height, width]; null before the first one. */
  readonly sample: Float32Array;
  readonly previousClean: Float32Array | null;
}

/**
 * The one seam through which faults are put into an attempt on purpose. Every stage hands what it has just made through it; nothing
 * is changed unless it was asked for.
 */
export interface Injector {
  /** Within the unit of work, before its computation: it may take long, fail or not return. */
  beforeUnit(stage: UnitStage, unit: number, unitCount: number): Promise<void>;
  encoded(text: EncodedText): EncodedText;
  /** What an expert gets to read at this step. */
  read(step: number, text: EncodedText): EncodedText;
  /** Within the expert's own work: what is thrown here, it has thrown. */
  asked(expert: string): Promise<void>;
  answered(step: number, question: Question, answer: ExpertAnswer): ExpertAnswer;
  /** What an expert on trial answered. */
  tried(expert: string, velocity: Float32Array): Float32Array;
  /** What denoising came to, before it is saved. @param latents  [channels, frames, height, width] */
  denoised(latents: Float32Array, shape: LatentShape): Float32Array;
  /** @param frames  decoder output, [3, frameCount, height, width] */
  decoded(unit: number, frames: Float32Array): Float32Array;
  /** @param rgb  [frameCount, height, width, 3] */
  painted(firstFrame: number, rgb: Uint8Array): Uint8Array;
}

const same = <T>(value: T): T => value;

/** For every attempt that nobody wants to fail. */
export const noInjections: Injector = {
  beforeUnit: async () => undefined,
  encoded: same,
  read: (_step, text) => text,
  asked: async () => undefined,
  answered: (_step, _question, answer) => answer,
  tried: (_expert, velocity) => velocity,
  denoised: same,
  decoded: (_unit, frames) => frames,
  painted: (_firstFrame, rgb) => rgb,
};

export interface InjectorSurroundings {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly frameCount: number;
  /** The expert that would work at a step if none were masked: the one that an injection makes unstable. */
  readonly regularExpert: (step: number) => string | null;
  /** Tells main that this one strikes now, before it does. */
  readonly onStrike: (index: number) => void;
  /** Uses up a sequence number without a message. */
  readonly loseMessage: () => void;
}

export function createInjector(strikes: readonly Strike[], around: InjectorSurroundings): Injector {
  return strikes.length === 0 ? noInjections : new StrikingInjector(strikes, around);
}

/** Times the spread of the usual answer: far outside of every band, and still finite. */
const OUT_OF_BAND = 8;
const DRIFT = 3;

/** Names that have a seam of their own; all others break the unit of work itself. */
const tensorNames: ReadonlySet<string> = new Set([
  'embedding-drift',
  'prompt-out-of-distribution',
  'text-nonfinite',
  'latent-nonfinite',
  'latent-out-of-band',
  'latents-garbled',
  'denoise-stalled',
  'attention-neglected',
  'attention-collapsed',
  'expert-unstable',
  'expert-refuses',
  'decode-nonfinite',
]);

const spoilers: Readonly<Record<string, { readonly kind: FrameSpoiler; readonly frameCount: number }>> = {
  'frames-black': { kind: 'black', frameCount: 2 },
  'frames-noise': { kind: 'noise', frameCount: 2 },
  'frames-frozen': { kind: 'frozen', frameCount: 4 },
  'frames-torn': { kind: 'torn', frameCount: 1 },
  'frames-flicker': { kind: 'flicker', frameCount: 6 },
  'motion-implausible': { kind: 'jump', frameCount: 1 },
};

class StrikingInjector implements Injector {
  readonly #strikes: readonly Strike[];
  readonly #around: InjectorSurroundings;
  /** Those that have struck, with the unit at which they first did. */
  readonly #begun = new Map<Strike, number>();
  #lastFrame: Uint8Array | null = null;

  constructor(strikes: readonly Strike[], around: InjectorSurroundings) {
    this.#strikes = strikes;
    this.#around = around;
  }

  async beforeUnit(stage: UnitStage, unit: number, unitCount: number): Promise<void> {
    for (const one of this.#strikes) {
      if (one.stage !== stage || tensorNames.has(one.name) || spoilers[one.name] || !this.#strikesAt(one, unit))
        continue;
      if (one.name === 'message-lost') this.#around.loseMessage();
      else await breakUnit(one.name, unitCount - (this.#begun.get(one) ?? unit));
    }
  }

  encoded(text: EncodedText): EncodedText {
    let { pooled, states, facts } = text;
    // Every second coordinate the other way, or the first half against the second: two ways out of what is usual.
    if (this.#now('embedding-drift', 0)) pooled = shifted(pooled, (i) => i % 2 === 0);
    if (this.#now('prompt-out-of-distribution', 0)) pooled = shifted(pooled, (i) => i < pooled.length / 2);
    if (this.#now('text-nonfinite', 0)) {
      states = withOneNaN(states, states.length - 1);
      facts = tensorFacts(states);
    }
    return { ...text, pooled, states, facts };
  }

  read(step: number, text: EncodedText): EncodedText {
    const maxTokens = text.tokenMask.length / 2;
    const longest = longestWord(text.tokens);
    let mask = text.tokenMask;
    // The prompt is the second row; an expert that may not read a word can't look at it either.
    if (this.#now('attention-neglected', step)) mask = mask.map((value, i) => (i === maxTokens + longest ? 0 : value));
    if (this.#now('attention-collapsed', step))
      mask = mask.map((value, i) => (i >= maxTokens && i !== maxTokens + longest ? 0 : value));
    return { ...text, tokenMask: mask };
  }

  answered(step: number, question: Question, answer: ExpertAnswer): ExpertAnswer {
    let { velocity } = answer;
    if (this.#now('latent-nonfinite', step)) velocity = withOneNaN(velocity, Math.floor(velocity.length / 2));
    if (this.#now('latent-out-of-band', step)) velocity = velocity.map((value) => value * OUT_OF_BAND);
    if (this.#now('denoise-stalled', step)) velocity = stalled(question);
    return { ...answer, velocity: this.tried(question.expert, velocity) };
  }

  async asked(expert: string): Promise<void> {
    if (this.#now('expert-refuses', Infinity, this.#isMeant(expert))) await breakUnit('provider-failed', 1);
  }

  /** The number says which expert is meant, not when: it is bad whenever it is used. */
  #isMeant(expert: string): (one: Strike) => boolean {
    return (one) => this.#around.regularExpert(one.at ?? 0) === expert;
  }

  tried(expert: string, velocity: Float32Array): Float32Array {
    if (!this.#now('expert-unstable', Infinity, this.#isMeant(expert))) return velocity;
    return velocity.map((value, i) => (i % 97 === 0 ? NaN : value));
  }

  denoised(latents: Float32Array, shape: LatentShape): Float32Array {
    let garbled = latents;
    for (const one of this.#strikes) {
      const frame = one.at ?? Math.floor(shape.frames / 2);
      if (one.name !== 'latents-garbled' || this.#begun.has(one) || frame >= shape.frames) continue;
      this.#begin(one, frame);
      garbled = withNoiseAt(garbled, shape, frame, one.index);
    }
    return garbled;
  }

  decoded(unit: number, frames: Float32Array): Float32Array {
    return this.#now('decode-nonfinite', unit) ? withOneNaN(frames, Math.floor(frames.length / 2)) : frames;
  }

  painted(firstFrame: number, rgb: Uint8Array): Uint8Array {
    const { widthPx, heightPx, frameCount } = this.#around;
    const frameBytes = widthPx * heightPx * 3;
    const sound = Array.from({ length: rgb.length / frameBytes }, (_, i) =>
      rgb.subarray(i * frameBytes, (i + 1) * frameBytes),
    );
    // A frozen frame shows the one before it, which may have come with the former latent frame.
    const lead = this.#lastFrame ? [this.#lastFrame] : [];
    let frames: readonly Uint8Array[] = [...lead, ...sound];
    const origin = firstFrame - lead.length;
    for (const one of this.#strikes) {
      const spoiler = spoilers[one.name];
      if (!spoiler) continue;
      const frame = one.at ?? Math.floor(frameCount / 2);
      if (frame >= firstFrame + sound.length || frame + spoiler.frameCount <= firstFrame) continue;
      if (!this.#begun.has(one)) this.#begin(one, frame);
      frames = spoilFrames(frames, widthPx, { ...spoiler, frame: frame - origin, strength: 1, seed: one.index });
    }
    this.#lastFrame = frames.at(-1) ?? null;
    const out = new Uint8Array(rgb.length);
    frames.slice(lead.length).forEach((frame, i) => out.set(frame, i * frameBytes));
    return out;
  }

  /** Whether one of this name strikes at this unit; main is told when it does so for the first time. */
  #now(name: Strike['name'], unit: number, isMeant: (one: Strike) => boolean = () => true): boolean {
    // No short cut: each of them has to be counted.
    return this.#strikes.filter((one) => one.name === name && isMeant(one) && this.#strikesAt(one, unit)).length > 0;
  }

  #strikesAt(one: Strike, unit: number): boolean {
    const isFirst = !this.#begun.has(one);
    const lasts = injectionFacts[one.name].lasts === 'on';
    if (one.at !== null && (lasts ? unit < one.at : unit !== one.at)) return false;
    if (!lasts && !isFirst) return false;
    if (isFirst) this.#begin(one, unit);
    return true;
  }

  #begin(one: Strike, unit: number): void {
    this.#begun.set(one, unit);
    this.#around.onStrike(one.index);
  }
}

/** Moved by DRIFT times its own size in each coordinate. */
function shifted(pooled: Float32Array, isUp: (i: number) => boolean): Float32Array {
  const size = Math.sqrt(pooled.reduce((sum, value) => sum + value * value, 0) / pooled.length);
  return pooled.map((value, i) => value + (isUp(i) ? DRIFT : -DRIFT) * size);
}

/** The velocity that leads to the clean prediction of the step before: nothing moves any more. */
function stalled({ sample, previousClean, sigma }: Question): Float32Array {
  if (!previousClean) return new Float32Array(sample.length);
  return sample.map((value, i) => (value - (previousClean[i] ?? 0)) / sigma);
}

/** Place of the longest token that says something; of the longest at all where none does. */
function longestWord(tokens: readonly string[]): number {
  const length = (i: number): number => (tokens[i]?.length ?? 0) + (isKeyword(tokens[i] ?? '') ? 1_000 : 0);
  return tokens.reduce((best, _token, i) => (length(i) > length(best) ? i : best), 0);
}

/** One latent frame is nothing but noise, as loud as latents are. */
function withNoiseAt(latents: Float32Array, shape: LatentShape, frame: number, seed: number): Float32Array {
  const cells = shape.heightCells * shape.widthCells;
  const noise = gaussianNoise(seed, noiseStreams.garbled, latents.length);
  return latents.map((value, i) => (Math.floor(i / cells) % shape.frames === frame ? (noise[i] as number) : value));
}

function withOneNaN(values: Float32Array, index: number): Float32Array {
  const spoiled = values.slice();
  spoiled[index] = NaN;
  return spoiled;
}
