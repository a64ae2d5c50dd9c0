import { expect, it } from 'vitest';

import { faultOf } from '../../../app/monitor/fault.ts';
import { soundFrameOf } from '../../../main/job/no-attempt.ts';
import type { Judged } from '../../../main/job/run-attempt.ts';
import { sampleAttempt } from '../../fixture/report.ts';

const frames = { framesPath: 'frames.rgb', widthPx: 8, heightPx: 8, frameCount: 5, fps: 16 };
const judged = (faults: Judged['report']['faults']) => ({ frames, report: sampleAttempt({ faults }) });

it.each([
  ['nothing is wrong', [], 2],
  ['the middle one is torn', [faultOf('frames-torn', 'monitor', {}, { frame: 2, frameCount: 1 })], 1],
  ['they were decoded from numbers that are none', [faultOf('latent-nonfinite', 'denoise', {}, { step: 0 })], null],
  ['that was only warned of', [faultOf('latent-nonfinite', 'denoise', {}, { severity: 'warning' })], 2],
])('the sound frame of a clip where %s', (_, faults, expected) => {
  expect(soundFrameOf(judged(faults))?.frame ?? null).toBe(expected);
});
