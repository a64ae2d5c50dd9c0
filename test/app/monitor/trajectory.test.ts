import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { FlowFigures } from '../../../app/monitor/flow.ts';
import { measureFrames, type FrameFigures } from '../../../app/monitor/frame.ts';
import { findVanished } from '../../../app/monitor/permanence.ts';
import { findUnlawfulMotion, motionAsked } from '../../../app/monitor/trajectory.ts';
import { drawClip } from '../../detection/drawn-clips.ts';

const SIZE = { widthPx: 160, heightPx: 96 };
const FRAMES = 17;
const never = (): boolean => false;

/** Where a figure's middle is in each frame, in parts of the height from the top. */
type Track = readonly number[];

const track = (at: (i: number) => number): Track => Array.from({ length: FRAMES }, (_, i) => at(i));

/** From rest under gravity to the ground, with a part of the speed left after each contact: heights in pixels. */
function bounced({
  top,
  ground,
  gravity,
  restitution,
}: Record<'top' | 'ground' | 'gravity' | 'restitution', number>): Track {
  let [y, speed] = [top, 0];
  return track(() => {
    const now = y;
    speed += gravity;
    y += speed;
    if (y > ground) [y, speed] = [ground - (y - ground) * restitution, -speed * restitution];
    return now / SIZE.heightPx;
  });
}

/** What the flow model would say of a track, with some unsteadiness of its own. */
function flowOf(heights: Track, unsteadyPx = 0): readonly FlowFigures[] {
  return heights.slice(1).map((y, i) => {
    const yPx = (y - (heights[i] ?? 0)) * SIZE.heightPx + unsteadyPx * Math.sin(i * 2.4);
    const mean = Math.abs(yPx) < 0.05 ? null : { xPx: 0, yPx };
    return {
      ...{ magnitudePx: Math.abs(yPx) / 20, entropyBits: 1, warpError: 0.01, mean },
      arrows: { rows: 0, columns: 0, vectorsPx: new Float32Array() },
    };
  });
}
/** Only where what moves is matters to the law. */
const figuresOf = (heights: Track): readonly FrameFigures[] =>
  measureFrames(
    drawClip({ name: 'a figure', ...SIZE, frameCount: FRAMES, figure: (i) => [0.5, heights[i] ?? 0.5], radiusPx: 10 })
      .frames,
    SIZE.widthPx,
  );
const causesOf = (prompt: string, heights: Track, unsteadyPx = 0): readonly unknown[] =>
  findUnlawfulMotion(figuresOf(heights), flowOf(heights, unsteadyPx), prompt, SIZE.heightPx).map(
    ({ evidence }) => evidence['cause'],
  );

const fall = track((i) => Math.min(0.85, 0.1 + 0.004 * i * i));
const jumped = track((i) => 0.8 - 4 * 0.5 * (i / 16) * (1 - i / 16));

describe('the law of the motion that was asked for', () => {
  it.each<[string, string, Track, readonly string[]]>([
    ['a fall to the ground', 'a ball falls', fall, []],
    ['a fall that air levels off', 'a ball falls', track((i) => 0.1 + Math.min(i * 0.045, 0.01 * i * i)), []],
    [
      'a fall that stops half way',
      'a ball falls',
      track((i) => Math.min(0.4, 0.1 + 0.008 * i * i)),
      ['stops-in-mid-air'],
    ],
    ['a fall that slows down', '一个球落下', track((i) => 0.1 + 0.09 * i - 0.0026 * i * i), ['slows-while-falling']],
    [
      'a bounce that loses energy',
      'a ball bounces',
      bounced({ top: 12, ground: 80, gravity: 1.9, restitution: 0.72 }),
      [],
    ],
    [
      'a bounce that keeps all of it',
      'a ball bounces',
      bounced({ top: 12, ground: 80, gravity: 1.9, restitution: 1 }),
      [],
    ],
    [
      'a bounce that gains energy',
      '一个球弹跳',
      bounced({ top: 40, ground: 80, gravity: 1.9, restitution: 1.6 }),
      ['energy-gained'],
    ],
    ['a jump', 'a frog jumps', jumped, []],
    [
      'a jump that hangs at its top',
      'a frog jumps',
      track((i) => (i < 5 ? 0.8 - 0.1 * i : i < 12 ? 0.3 : 0.3 + 0.1 * (i - 12))),
      ['hangs-in-mid-air'],
    ],
    [
      'a jump of ever faster steps up, and down from fast to slow',
      'a frog jumps',
      track((i) => (i <= 8 ? 0.85 - 0.0095 * i * i : 0.24 + 0.6 * Math.sqrt((i - 8) / 8))),
      ['no-parabola'],
    ],
    [
      'any course where another motion was asked for',
      'a ball rolls to the left',
      track((i) => Math.min(0.4, 0.1 + 0.008 * i * i)),
      [],
    ],
    ['a fall of snow', 'snow falls on a ball', track((i) => Math.min(0.4, 0.1 + 0.008 * i * i)), []],
  ])('%s', (_, prompt, heights, causes) => {
    expect(causesOf(prompt, heights)).toEqual(causes);
    expect(causesOf(prompt, heights, 0.3)).toEqual(causes);
  });

  it('is kept by every bounce that loses energy, whatever its height, gravity and restitution', () => {
    const bounce = fc.record({
      top: fc.double({ min: 8, max: 30, noNaN: true }),
      ground: fc.double({ min: 60, max: 84, noNaN: true }),
      gravity: fc.double({ min: 1, max: 3, noNaN: true }),
      restitution: fc.double({ min: 0.3, max: 1, noNaN: true }),
    });
    const still = figuresOf(track(() => 0.5));
    fc.assert(
      fc.property(bounce, (order) => {
        expect(findUnlawfulMotion(still, flowOf(bounced(order)), 'a ball bounces', SIZE.heightPx)).toEqual([]);
      }),
    );
  });

  it('says where the figures come from, and is a warning', () => {
    const heights = bounced({ top: 40, ground: 80, gravity: 1.9, restitution: 1.6 });
    expect(findUnlawfulMotion(figuresOf(heights), flowOf(heights), 'a ball bounces', SIZE.heightPx)).toMatchObject([
      { severity: 'warning', evidence: { asked: 'bounce', from: 'flow', restitutionLimit: 1.3 } },
    ]);
  });

  it('says nothing where the flow is not known', () => {
    const heights = track((i) => Math.min(0.4, 0.1 + 0.008 * i * i));
    const flow = flowOf(heights).map((figures, i) => (i === 3 ? null : figures));
    expect(findUnlawfulMotion(figuresOf(heights), flow, 'a ball falls', SIZE.heightPx)).toEqual([]);
    expect(findUnlawfulMotion(figuresOf(heights), [], 'a ball falls', SIZE.heightPx)).toEqual([]);
  });

  it.each([
    ['a ball falls', 'fall'],
    ['a ball bounces', 'bounce'],
    ['青蛙跳', 'jump'],
    ['两只青蛙跳', null],
    ['a ball falls and bounces', null],
    ['rain falls', null],
    ['the camera drops', null],
    ['a tiger in the park', null],
  ])('of "%s" is that of a %s', (prompt, motion) => {
    expect(motionAsked(prompt)).toBe(motion);
  });
});

describe('a thing stays in the world', () => {
  const moving = (isThere: (i: number) => boolean, stopsAt = Infinity, from = 0.3): readonly FrameFigures[] =>
    measureFrames(
      drawClip({
        ...{ name: 'a ball', ...SIZE, frameCount: FRAMES, radiusPx: 12 },
        figure: (i) => (isThere(i) ? [from + 0.018 * Math.min(i, stopsAt), 0.55] : null),
      }).frames,
      SIZE.widthPx,
    );

  it.each<[string, readonly FrameFigures[], readonly string[]]>([
    ['while it moves', moving(() => true), []],
    ['when it stops', moving(() => true, 8), []],
    ['unless it is gone from one frame to the next', moving((i) => i < 9), ['vanished']],
    ['unless it comes from nowhere', moving((i) => i >= 8), ['appeared']],
    ['and may leave by the edge', moving((i) => i < 9, Infinity, 0.84), []],
  ])('%s', (_, figures, causes) => {
    expect(findVanished(figures, never).map(({ evidence }) => evidence['cause'])).toEqual(causes);
  });
});
