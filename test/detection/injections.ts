import type { FaultKind } from '../../app/contract/name.ts';
import { frameSpoilers, spoilFrames, type FrameSpoiler, type Spoiling } from '../../app/engine/spoil.ts';
import type { Clip } from './clip.ts';
import { decoderFaults, spoiltByDecoder, type DecoderFault } from './decoder-faults.ts';

/** A fault as a viewer would object to it, and what it must be called. */
export interface Injection {
  readonly name: string;
  readonly fault: FaultKind;
  readonly how: Omit<Spoiling, 'kind'> & { readonly kind: InjectionKind };
}

export type InjectionKind = FrameSpoiler | DecoderFault;

const faultOf: Readonly<Record<InjectionKind, FaultKind>> = {
  black: 'frames-black',
  noise: 'frames-noise',
  frozen: 'frames-frozen',
  torn: 'frames-torn',
  flicker: 'frames-flicker',
  swapped: 'motion-implausible',
  jump: 'motion-implausible',
  'blank-part': 'frames-black',
  tint: 'frames-flicker',
  grey: 'frames-flicker',
};

/** Strengths and lengths of each kind; a length of 0 is the rest of the clip. */
const plans: Readonly<
  Record<InjectionKind, { readonly strengths: readonly number[]; readonly lengths: readonly number[] }>
> = {
  black: { strengths: [1], lengths: [1, 3, 0] },
  noise: { strengths: [0.3, 0.6, 1], lengths: [1, 4, 0] },
  frozen: { strengths: [1], lengths: [5, 8, 0] },
  torn: { strengths: [0.25, 0.5, 1], lengths: [1, 3] },
  flicker: { strengths: [0.5, 1], lengths: [4, 8, 0] },
  swapped: { strengths: [1], lengths: [2] },
  jump: { strengths: [0.4, 0.7, 1], lengths: [1, 4, 0] },
  'blank-part': { strengths: [0.5, 1], lengths: [1, 4] },
  tint: { strengths: [1], lengths: [1, 3] },
  grey: { strengths: [1], lengths: [1, 3] },
};

/** Every kind at every strength and length, each at a place of the clip that follows from `seed`. */
export function injectionsFor(clip: Clip, seed: number): readonly Injection[] {
  const count = clip.frames.length;
  let turn = seed;
  return [...frameSpoilers, ...decoderFaults].flatMap((kind) =>
    plans[kind].strengths.flatMap((strength) =>
      plans[kind].lengths.map((length) => {
        turn += 1;
        const how = { kind, ...place(kind, length, count, turn), strength, seed: turn };
        return { name: `${kind} x${strength} in ${how.frame}+${how.frameCount}`, fault: faultOf[kind], how };
      }),
    ),
  );
}

/** A third of those that last to the end begin at the beginning; a jump needs something before it. */
function place(
  kind: InjectionKind,
  length: number,
  count: number,
  turn: number,
): { readonly frame: number; readonly frameCount: number } {
  if (length > 0) return { frame: 2 + ((turn * 7) % Math.max(1, count - 4 - length)), frameCount: length };
  const frame = turn % 3 === 0 && kind !== 'jump' ? 0 : 3 + (turn % 5);
  return { frame, frameCount: count - frame };
}

/** The spoiled clip, or null where there is none to be seen: two frames of a still scene in each other's place. */
export function inject(clip: Clip, { how }: Injection): Clip | null {
  // To another view for good is a cut, which a film may have.
  if (clip.kind.startsWith('film') && how.kind === 'jump' && how.frame + how.frameCount === clip.frames.length)
    return null;
  const frames = spoilt(clip, how);
  let visible = 0;
  for (const [i, frame] of frames.entries()) {
    const clean = clip.frames[i];
    if (clean && frame !== clean) visible = Math.max(visible, meanChange(frame, clean));
  }
  return visible < VISIBLE_LEVELS ? null : { ...clip, frames };
}

function spoilt({ frames, widthPx }: Clip, how: Injection['how']): readonly Uint8Array[] {
  const { kind, frame: first, frameCount } = how;
  const isDecoderFault = (one: InjectionKind): one is DecoderFault => decoderFaults.some((fault) => fault === one);
  if (!isDecoderFault(kind)) return spoilFrames(frames, widthPx, { ...how, kind });
  return frames.map((frame, i) =>
    i >= first && i < first + frameCount ? spoiltByDecoder(frame, widthPx, { ...how, kind }) : frame,
  );
}

/** Mean absolute difference that the most spoiled frame must have, of 255 levels. */
const VISIBLE_LEVELS = 2;

function meanChange(a: Uint8Array, b: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += Math.abs((a[i] ?? 0) - (b[i] ?? 0));
  return sum / a.length;
}
