import { describe, expect, it } from 'vitest';

import { bandsOf, defaultFrameBands } from '../../../app/monitor/frame-bands.ts';
import { fitFrameBands } from '../../../app/monitor/fit-frame-bands.ts';
import { measureFrames } from '../../../app/monitor/frame.ts';
import { judgeFrames } from '../../../app/monitor/judge-frames.ts';
import { drawClip, type Scene } from '../../detection/drawn-clips.ts';
import { spoiltByDecoder, type DecoderFault } from '../../detection/decoder-faults.ts';

const rolling: Scene = { name: 'a ball rolls', figure: (i) => [0.2 + i * 0.025, 0.6], camera: (i) => [i * 0.7, 0] };
const { frames, widthPx } = drawClip(rolling);
const facts = (prompt: string | null) => ({ fps: 16, prompt, widthPx, heightPx: 96 });

describe('what a decoder spoils', () => {
  const faults: readonly (readonly [DecoderFault, string, Readonly<Record<string, string>>])[] = [
    ['blank-part', 'frames-black', { picture: 'part' }],
    ['tint', 'frames-flicker', { cause: 'tint' }],
    ['grey', 'frames-flicker', { cause: 'grey' }],
  ];
  const cases = faults.flatMap(([kind, fault, evidence]) =>
    [0, 1, 2, 3].flatMap((seed) => [1, 4].map((frameCount) => ({ kind, fault, evidence, seed, frameCount }))),
  );

  it.each(cases)(
    '$kind is told, variant $seed for $frameCount frames',
    ({ kind, fault, evidence, seed, frameCount }) => {
      const spoilt = frames.map((frame, i) =>
        i >= 9 && i < 9 + frameCount ? spoiltByDecoder(frame, widthPx, { kind, strength: 1, seed }) : frame,
      );
      for (const prompt of [rolling.name, null])
        expect(judgeFrames(measureFrames(spoilt, widthPx), facts(prompt), defaultFrameBands)).toMatchObject([
          { kind: fault, frame: 9, frameCount, severity: 'fault', evidence },
        ]);
    },
  );
});

it('calls no end of a clip tinted whose colours drift all the way', () => {
  // Catches what happened to a pack with random weights: 0.07 from one frame to the next, after 0.04 between those before.
  const reds = [-0.07, -0.07, -0.035, 0.035, 0.067];
  const drifting = measureFrames(frames.slice(0, reds.length), widthPx).map((frame, i) => ({
    ...frame,
    colour: { blue: -0.01, red: reds[i] ?? 0, saturation: 0.15 },
  }));
  expect(judgeFrames(drifting, facts(rolling.name), defaultFrameBands)).toEqual([]);
});

describe('a frame that is shown twice', () => {
  const sound = measureFrames(frames, widthPx);
  const repeated = measureFrames(
    frames.map((frame, i) => (i === 12 ? (frames[11] ?? frame) : frame)),
    widthPx,
  );

  it('is told in a clip of a pack that never does so, and is nothing in a film', () => {
    const bands = bandsOf(fitFrameBands([{ frames: sound, flow: [] }]));
    expect(judgeFrames(repeated, facts(rolling.name), bands)).toMatchObject([
      { kind: 'frames-frozen', frame: 12, frameCount: 1 },
    ]);
    expect(judgeFrames(repeated, facts(null), defaultFrameBands)).toEqual([]);
  });
});
