import fc from 'fast-check';
import { expect, it } from 'vitest';

import { parseProgress, type EncodeProgress } from '../../../app/export/progress.ts';

const text =
  'frame=12\nfps=0.0\nbitrate=N/A\nspeed=N/A\nprogress=continue\nframe=33\nfps=31.2\nspeed= 1.8x\nprogress=end\n';
const reports: readonly EncodeProgress[] = [
  { frame: 12, speed: null, isEnd: false },
  { frame: 33, speed: 1.8, isEnd: true },
];

it('reads whole blocks', () => {
  expect(parseProgress(text)).toEqual({ reports, rest: '' });
});

it('reads the same however the pipe cuts the text', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: text.length }), { maxLength: 8 }), (cuts) => {
      const at = [0, ...cuts.sort((a, b) => a - b), text.length];
      let rest = '';
      const found: EncodeProgress[] = [];
      for (let i = 1; i < at.length; i += 1) {
        const parsed = parseProgress(rest + text.slice(at[i - 1], at[i]));
        rest = parsed.rest;
        found.push(...parsed.reports);
      }
      expect(found).toEqual(reports);
    }),
  );
});

it('does not grow on text that is no progress', () => {
  expect(parseProgress('x'.repeat(1_000_000)).rest.length).toBeLessThan(20_000);
});
