import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  cosineDistance,
  nearestTemplate,
  overdue,
  SAME_SCENE_DISTANCE,
  sameSceneDistance,
  templateFigures,
} from '../../../app/recovery/template.ts';

describe('cosineDistance', () => {
  it('asks for the direction alone, and has no answer where there is none', () => {
    const vector = fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(vector, fc.double({ min: 0.1, max: 50, noNaN: true }), (a, factor) => {
        fc.pre(Math.hypot(...a) > 0.1);
        expect(
          cosineDistance(
            a,
            a.map((value) => value * factor),
          ),
        ).toBeCloseTo(0, 6);
        expect(
          cosineDistance(
            a,
            a.map((value) => -value),
          ),
        ).toBeCloseTo(2, 6);
      }),
    );
    expect(cosineDistance([0, 0], [1, 0])).toBeNull();
    expect(cosineDistance([Number.NaN, 0], [1, 0])).toBeNull();
    expect(cosineDistance([1], [1, 0])).toBeNull();
  });
});

it('the nearest template is the nearest, and one that is too far is none', () => {
  const templates = [
    { name: 'off', pooled: [1, 0.3] },
    { name: 'near', pooled: [1, 0.1] },
    { name: 'far', pooled: [0, 1] },
  ];
  expect(nearestTemplate(templates, [1, 0])?.template.name).toBe('near');
  expect(nearestTemplate(templates, [-1, 0])).toBeNull();
  expect(nearestTemplate(templates.slice(0, 1), [1, 0])?.template.name).toBe('off');
  expect(nearestTemplate(templates.slice(0, 1), [1, 0], 0.01)).toBeNull();
});

it('a distance of its own is never beyond the usual one: who parts strangers widely still has neighbours', () => {
  const apart = Array.from({ length: 60 }, (_, i) => Array.from({ length: 60 }, (_, at) => (at === i ? 1 : 0.2)));
  expect(cosineDistance(apart[0] ?? [], apart[1] ?? [])).toBeGreaterThan(0.15);
  expect(sameSceneDistance(apart)).toBe(SAME_SCENE_DISTANCE);
});

it('a distance of its own is so small that hardly two strangers are nearer, and its worth is counted', () => {
  const angle = (degrees: number) => [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const strangers = Array.from({ length: 60 }, (_, i) => angle(i * 6));
  const distance = sameSceneDistance(strangers) ?? Infinity;
  const nearer = strangers.flatMap((a, i) =>
    strangers.slice(i + 1).filter((b) => (cosineDistance(a, b) ?? 0) < distance - 1e-9),
  ).length;
  expect(nearer).toBeLessThanOrEqual(0.005 * 1_770);
  expect(sameSceneDistance(strangers.slice(0, 5))).toBeNull();
  const wordings = [
    [angle(0), angle(1), angle(30)],
    [angle(90), angle(120), angle(92)],
  ] as const;
  expect(templateFigures(wordings, 0.01)).toEqual({
    ...{ distance: 0.01, paraphrases: 0.5, neighbours: 0.5, strangers: 0, precision: 1 },
  });
});

it('what goes is what was used longest ago, until number and bytes are kept', () => {
  const one = fc.record({ usedAtMs: fc.nat(1000), bytes: fc.integer({ min: 1, max: 50 }) });
  fc.assert(
    fc.property(fc.array(one, { maxLength: 20 }), fc.nat(10), fc.nat(300), (templates, count, bytes) => {
      const gone = overdue(templates, { count, bytes });
      const kept = templates.filter((template) => !gone.includes(template));
      expect(kept.length).toBeLessThanOrEqual(count);
      expect(kept.reduce((sum, template) => sum + template.bytes, 0)).toBeLessThanOrEqual(bytes);
      const youngestGone = Math.max(-1, ...gone.map(({ usedAtMs }) => usedAtMs));
      for (const { usedAtMs } of kept) expect(usedAtMs).toBeGreaterThanOrEqual(youngestGone);
    }),
  );
});
