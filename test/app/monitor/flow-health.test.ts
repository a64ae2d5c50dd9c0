import { describe, expect, it } from 'vitest';

import { findFlowBreaks } from '../../../app/monitor/flow-health.ts';
import { defaultFrameBands } from '../../../app/monitor/frame-bands.ts';
import { sampleFlow } from '../../fixture/flow.ts';

const WIDTH_PX = 160;
const never = (): boolean => false;
const calibrated = { ...defaultFrameBands, flowSpikePx: 5, warpError: 0.04 };

describe('what the optical flow finds', () => {
  it.each([
    ['steady motion', [2, 2.2, 1.9, 2, 2.1], []],
    ['a fast pan from end to end', [20, 21, 20, 19, 20], []],
    ['a step beyond all others', [1, 1, 16, 1, 1], [['flow-spike', 3, 1]]],
    ['two such steps in a row', [1, 1, 16, 15, 1, 1, 1], [['flow-spike', 3, 2]]],
    ['a faster step that is still slow', [0.5, 0.5, 3, 0.5, 0.5], []],
    ['too few steps to say what is usual', [1, 16, 1], []],
  ] as const)('%s', (_, magnitudes, expected) => {
    const found = findFlowBreaks(
      magnitudes.map((px) => sampleFlow(px)),
      defaultFrameBands,
      WIDTH_PX,
      never,
    );
    expect(
      found.map(({ evidence, firstFrame, lastFrame }) => [evidence['cause'], firstFrame, lastFrame - firstFrame + 1]),
    ).toEqual(expected);
    for (const one of found) expect(one).toMatchObject({ kind: 'motion-implausible', severity: 'warning' });
  });

  it('is held to what healthy clips of the pack have, where that is known', () => {
    const flow = [1, 1, 6, 1, 1].map((px) => sampleFlow(px));
    expect(findFlowBreaks(flow, defaultFrameBands, WIDTH_PX, never)).toEqual([]);
    expect(findFlowBreaks(flow, calibrated, WIDTH_PX, never)).toMatchObject([{ evidence: { flowLimitPx: 5 } }]);
  });

  it('tells a step that it leaves unexplained once, with its figures, and none that is explained already', () => {
    const flow = [sampleFlow(1), sampleFlow(1), sampleFlow(1, 0.06), sampleFlow(1), sampleFlow(1)];
    const [found, ...rest] = findFlowBreaks(flow, calibrated, WIDTH_PX, never);
    expect(rest).toEqual([]);
    expect(found).toMatchObject({
      firstFrame: 3,
      evidence: { cause: 'warp-error', warpError: 0.06, warpErrorLimit: 0.04, knownSteps: 5 },
    });
    expect(findFlowBreaks(flow, calibrated, WIDTH_PX, (frame) => frame === 3)).toEqual([]);
    expect(
      findFlowBreaks(
        [sampleFlow(1), sampleFlow(1), sampleFlow(40, 0.5), sampleFlow(1), sampleFlow(1)],
        calibrated,
        WIDTH_PX,
        never,
      ),
    ).toHaveLength(1);
  });

  it('says nothing of steps whose flow is not known', () => {
    expect(
      findFlowBreaks([sampleFlow(1), sampleFlow(1), null, sampleFlow(1), sampleFlow(1)], calibrated, WIDTH_PX, never),
    ).toEqual([]);
    expect(findFlowBreaks([null, null, null], calibrated, WIDTH_PX, never)).toEqual([]);
  });
});
