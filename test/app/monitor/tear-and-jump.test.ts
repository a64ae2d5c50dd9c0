import { describe, expect, it } from 'vitest';

import { spoilFrames } from '../../../app/engine/spoil.ts';
import { defaultFrameBands } from '../../../app/monitor/frame-bands.ts';
import { measureFrames } from '../../../app/monitor/frame.ts';
import { judgeFrames } from '../../../app/monitor/judge-frames.ts';
import type { Clip } from '../../detection/clip.ts';
import { drawClip } from '../../detection/drawn-clips.ts';
import { hardClips } from '../../detection/hard-clips.ts';

const judge = ({ frames, fps, prompt, widthPx, heightPx }: Clip) =>
  judgeFrames(measureFrames(frames, widthPx), { fps, prompt, widthPx, heightPx }, defaultFrameBands);
const spoil = (clip: Clip, how: Omit<Parameters<typeof spoilFrames>[2], 'seed'>, seed = 3): Clip => ({
  ...clip,
  frames: spoilFrames(clip.frames, clip.widthPx, { seed, ...how }),
});

const rolling = (name: string, frameCount: number, light = 0.8): Clip =>
  drawClip({
    ...{ name, prompt: 'a ball rolls', widthPx: 112, heightPx: 64, frameCount, light, figureLight: light, radiusPx: 9 },
    figure: (i) => [0.25 + i * 0.02, 0.6],
    camera: (i) => [i * 0.4, 0],
    grainLevels: 0.6,
  });
const rungs = { 'of 9 frames': 9, 'of 17 frames': 17 };

describe.each(Object.entries(rungs))('in a clip %s', (name, frameCount) => {
  const clip = rolling(name, frameCount);
  const inner = Array.from({ length: frameCount - 2 }, (_, i) => i + 1);

  it('nothing is wrong as it is', () => {
    expect(judge(clip)).toEqual([]);
    expect(judge(rolling('in twilight', frameCount, 0.25))).toEqual([]);
  });

  it.each(inner)('a tear at frame %i is told, slight or wide', (frame) => {
    for (const strength of [0.3, 1])
      expect(judge(spoil(clip, { kind: 'torn', frame, frameCount: 1, strength }))).toMatchObject([
        { kind: 'frames-torn', frame, frameCount: 1 },
      ]);
  });

  it.each(inner)('a jump at frame %i is told, short or far, back again or for good', (frame) => {
    for (const strength of [0.25, 0.7])
      for (const length of [1, frameCount - frame])
        expect(judge(spoil(clip, { kind: 'jump', frame, frameCount: length, strength }))).toMatchObject([
          { kind: 'motion-implausible', frame },
        ]);
  });

  it('both are told in the twilight as well', () => {
    const dim = rolling('in twilight', frameCount, 0.25);
    const at = { frame: 5, frameCount: 1, strength: 0.6 };
    expect(judge(spoil(dim, { kind: 'torn', ...at }))).toMatchObject([{ kind: 'frames-torn', frame: 5 }]);
    expect(judge(spoil(dim, { kind: 'jump', ...at }))).toMatchObject([{ kind: 'motion-implausible', frame: 5 }]);
  });
});

describe('a picture that slips by nearly half its width and is back at once', () => {
  const clip = drawClip({
    ...{ name: 'a big ball', prompt: 'a ball rolls', widthPx: 112, heightPx: 64, frameCount: 9, radiusPx: 13 },
    ...{ light: 0.85, figureLight: 0.85, grainLevels: 0.6 },
    figure: (i) => [0.3 + i * 0.01, 0.6],
    camera: () => [0, 0],
  });

  // Half a picture to the left looks like half a picture to the right: only the way back may be seen as a leap.
  it.each([
    [0.9, 4],
    [0.95, 4],
    [1, 6],
  ])('by %f of the half is told at the frame that slipped', (strength, frame) => {
    expect(judge(spoil(clip, { kind: 'jump', frame, frameCount: 1, strength }))).toMatchObject([
      { kind: 'motion-implausible', frame, frameCount: 1, evidence: { cause: 'slip' } },
    ]);
  });
});

describe('what only looks like a fault is none', () => {
  // A camera that shakes at nearly half the frame rate looks the same with its frames in another order.
  const clips = hardClips('judging').filter(({ name }) => !name.startsWith('a camera shaken'));
  it.each(clips.map((clip) => [clip.name, clip] as const))('%s', (_, clip) => {
    expect(judge(clip)).toEqual([]);
  });
});
