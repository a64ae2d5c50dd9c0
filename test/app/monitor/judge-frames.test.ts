import { describe, expect, it } from 'vitest';

import { frameCalibration } from '../../../app/contract/calibration-frames.ts';
import { spoilFrames, type FrameSpoiler, type Spoiling } from '../../../app/engine/spoil.ts';
import { bandsOf, defaultFrameBands } from '../../../app/monitor/frame-bands.ts';
import { FrameMeter, type FrameFigures } from '../../../app/monitor/frame.ts';
import { fitFrameBands } from '../../../app/monitor/fit-frame-bands.ts';
import { judgeFrames } from '../../../app/monitor/judge-frames.ts';
import { drawClip, type Scene } from '../../detection/drawn-clips.ts';

const measure = (frames: readonly Uint8Array[], widthPx: number): readonly FrameFigures[] => {
  const meter = new FrameMeter(widthPx);
  return frames.map((frame) => meter.measureRgb(frame));
};
const judge = (frames: readonly Uint8Array[], widthPx: number, prompt: string | null = null) =>
  judgeFrames(measure(frames, widthPx), { fps: 16, prompt, widthPx, heightPx: 96 }, defaultFrameBands);

const rolling: Scene = { name: 'a ball rolls', figure: (i) => [0.2 + i * 0.025, 0.6], camera: (i) => [i * 0.7, 0] };
const sound: readonly Scene[] = [
  rolling,
  { name: 'a ball bounces', figure: (i) => [0.5, 0.75 - 0.5 * Math.abs(Math.sin(i / 4))] },
  { name: 'a lamp at night', light: 0.015, figureLight: 0.9, figure: () => [0.5, 0.5], grainLevels: 0.7, radiusPx: 5 },
  { name: 'a pan', camera: (i) => [i * 4, 0] },
  { name: 'a shaking camera', camera: (i) => [3 * Math.sin(i * 1.3), 2 * Math.cos(i * 1.7)], figure: () => [0.5, 0.6] },
  { name: 'film grain', grainLevels: 4, figure: (i) => [0.2 + i * 0.02, 0.6] },
  { name: 'still but for its grain', grainLevels: 1, figure: () => [0.5, 0.5] },
];

describe('a sound clip', () => {
  it.each(sound)('has no fault: $name', (scene) => {
    const { frames, widthPx } = drawClip(scene);
    expect(judge(frames, widthPx)).toEqual([]);
    expect(judge(frames, widthPx, scene.name)).toEqual([]);
  });
});

describe('a spoiled clip', () => {
  const { frames, widthPx } = drawClip(rolling);
  const kinds: Record<FrameSpoiler, string> = {
    black: 'frames-black',
    noise: 'frames-noise',
    frozen: 'frames-frozen',
    torn: 'frames-torn',
    flicker: 'frames-flicker',
    swapped: 'motion-implausible',
    jump: 'motion-implausible',
  };
  const how = (kind: FrameSpoiler, part: Partial<Spoiling> = {}): Spoiling => {
    const frameCount = { black: 1, noise: 2, frozen: 6, torn: 2, flicker: 6, swapped: 2, jump: 2 }[kind];
    return { kind, frame: 9, frameCount, strength: 1, seed: 3, ...part };
  };

  it.each(Object.entries(kinds))('%s is %s, in the frames that were spoiled, and nothing else', (kind, fault) => {
    const spoiling = how(kind as FrameSpoiler);
    const found = judge(spoilFrames(frames, widthPx, spoiling), widthPx);
    expect(found.map((one) => one.kind)).toEqual([fault]);
    const { frame = null, frameCount = null } = found[0] ?? {};
    expect(Math.abs((frame ?? -1) - spoiling.frame)).toBeLessThanOrEqual(1);
    expect(Math.abs((frameCount ?? 0) - spoiling.frameCount)).toBeLessThanOrEqual(2);
    expect(found[0]?.evidence['limitsFrom']).toBe('default');
  });

  it('is told from the first to the last frame where all of it is spoiled', () => {
    const whole = (kind: FrameSpoiler) =>
      judge(spoilFrames(frames, widthPx, how(kind, { frame: 0, frameCount: 24 })), widthPx);
    for (const kind of ['black', 'noise', 'frozen'] as const)
      expect(whole(kind)).toMatchObject([{ kind: kinds[kind], frameCount: kind === 'frozen' ? 23 : 24 }]);
  });
});

describe('bands', () => {
  const clips = sound.map((scene) => {
    const { frames, widthPx } = drawClip(scene);
    return { frames: measure(frames, widthPx), flow: [] };
  });

  it('fitted to healthy clips call none of them faulty, and are what the contract says', () => {
    const calibration = fitFrameBands(clips);
    expect(frameCalibration.parse(JSON.parse(JSON.stringify(calibration)))).toEqual(calibration);
    const bands = bandsOf(calibration);
    expect(bands.source).toBe('calibration');
    for (const { frames } of clips)
      expect(judgeFrames(frames, { fps: 16, prompt: 'a ball', widthPx: 160, heightPx: 96 }, bands)).toEqual([]);
  });

  it('of nothing are none, and the defaults stand', () => {
    expect(fitFrameBands([])).toBeNull();
    expect(bandsOf(null)).toBe(defaultFrameBands);
  });
});
