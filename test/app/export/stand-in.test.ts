import { describe, expect, it } from 'vitest';

import { whole } from '../../../app/base/work.ts';
import { standInKinds } from '../../../app/contract/list.ts';
import { defaultStandIn, type StandInSettings } from '../../../app/contract/stand-in.ts';
import { lightAt } from '../../../app/export/daylight.ts';
import { seedOf } from '../../../app/export/paint.ts';
import type { Logo } from '../../../app/export/moving-marks.ts';
import { sniffPng } from '../../../app/export/png-header.ts';
import { standInPainter, type StandInOrder } from '../../../app/export/stand-in.ts';

const order = { widthPx: 128, heightPx: 72, frameCount: 9, fps: 8, caption: 'a fox 狐狸' };
function painter(settings: StandInSettings, of: StandInOrder, logo: Logo | null): (frame: number) => Uint8Array {
  const paint = whole(standInPainter(settings, of, logo));
  return (frame) => whole(paint(frame));
}
const meanOf = (rgb: Uint8Array): number => rgb.reduce((sum, value) => sum + value, 0) / rgb.length;
const distance = (a: Uint8Array, b: Uint8Array): number =>
  a.reduce((sum, value, i) => sum + Math.abs(value - (b[i] ?? 0)), 0) / a.length;

describe.each(standInKinds)('a stand-in of kind %s', (kind) => {
  const settings = { ...defaultStandIn, kind };

  it('is whole, neither black nor white, and moves in every frame', () => {
    // Catches a stand-in that the monitors would call black or frozen.
    const paint = painter(settings, order, null);
    const frames = Array.from({ length: order.frameCount }, (_, i) => paint(i));
    for (const [i, rgb] of frames.entries()) {
      expect(rgb).toHaveLength(order.widthPx * order.heightPx * 3);
      expect(meanOf(rgb)).toBeGreaterThan(4);
      expect(meanOf(rgb)).toBeLessThan(235);
      const former = frames[i - 1];
      if (former) expect(distance(rgb, former)).toBeGreaterThan(0.01);
    }
  });

  it('is the same for the same words, and can be painted at any size', () => {
    const again = painter(settings, order, null);
    expect(painter(settings, order, null)(3)).toEqual(again(3));
    for (const size of [
      { widthPx: 16, heightPx: 16 },
      { widthPx: 90, heightPx: 160 },
    ])
      expect(painter(settings, { ...order, ...size }, null)(0)).toHaveLength(size.widthPx * size.heightPx * 3);
  });
});

describe('the time-lapse', () => {
  it('goes from dawn by day to night', () => {
    const paint = painter(defaultStandIn, order, null);
    const [dawn, day, night] = [paint(0), paint(3), paint(8)].map(meanOf);
    expect(day).toBeGreaterThan(dawn ?? 0);
    expect(night).toBeLessThan(0.5 * (day ?? 0));
    expect(lightAt(1).stars).toBeGreaterThan(lightAt(0.4).stars);
  });

  it('is another place for other words', () => {
    expect(seedOf('a fox')).not.toBe(seedOf('a dog'));
    const other = painter(defaultStandIn, { ...order, caption: 'a dog' }, null);
    expect(distance(other(4), painter(defaultStandIn, order, null)(4))).toBeGreaterThan(1);
  });
});

it('a logo is laid over the ground by its transparency', () => {
  const logo = { widthPx: 2, heightPx: 1, rgba: Uint8Array.of(255, 0, 0, 255, 0, 255, 0, 0) };
  const settings = { ...defaultStandIn, kind: 'waiting' as const };
  const [bare, laid] = [null, logo].map((one) => painter(settings, order, one)(0));
  if (!bare || !laid) return expect.unreachable();
  const changed = [...laid.keys()].filter((i) => laid[i] !== bare[i]);
  expect(changed).toHaveLength(3);
  expect([...laid.subarray(changed[0], (changed[0] ?? 0) + 3)]).toEqual([255, 0, 0]);
  return undefined;
});

describe('sniffPng', () => {
  const png = (widthPx: number, heightPx: number): Uint8Array => {
    const head = Uint8Array.of(
      0x89,
      0x50,
      0x4e,
      0x47,
      13,
      10,
      26,
      10,
      0,
      0,
      0,
      13,
      0x49,
      0x48,
      0x44,
      0x52,
      ...Array.from({ length: 8 }, () => 0),
    );
    const view = new DataView(head.buffer);
    view.setUint32(16, widthPx);
    view.setUint32(20, heightPx);
    return head;
  };

  it.each([
    ['a PNG', png(400, 160), null],
    ['a bomb', png(60_000, 60_000), 'at most'],
    ['no size', png(0, 5), 'no size'],
    ['an SVG', new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"></svg>'), 'no PNG'],
    ['a PNG by its first bytes alone', png(4, 4).map((byte, i) => (i === 12 ? 0 : byte)), 'no PNG'],
    ['nothing', new Uint8Array(), 'no PNG'],
  ])('tells %s', (_, head, problem) => {
    const size = sniffPng(head);
    if (problem === null) expect(size).toEqual({ ok: true, value: { widthPx: 400, heightPx: 160 } });
    else expect(size.ok ? '' : size.error.detail).toContain(problem);
  });
});
