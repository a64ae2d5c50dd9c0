import { expect, it } from 'vitest';

import type { HealthEvent } from '../../../app/contract/health.ts';
import type { FlowFigures } from '../../../app/monitor/flow.ts';
import type { FrameFigures } from '../../../app/monitor/frame.ts';
import { fresher, HealthTeller } from '../../../main/job/health-teller.ts';

const motion = (magnitudePx: number): FlowFigures =>
  ({ magnitudePx, entropyBits: 2, warpError: 0.1, arrows: null }) as unknown as FlowFigures;
const figures = [0.1, 0.2, 0.3].map((luma) => ({ luma, step: null }) as unknown as FrameFigures);

it('tells of motion that was late once it is there, and of none twice', () => {
  const told: HealthEvent[] = [];
  const size = { frameCount: 3, widthPx: 16, heightPx: 16 };
  const teller = new HealthTeller({ jobId: 'a', attempt: 0 }, size, (event) => told.push(event));
  const early = [motion(1), null];
  teller.flow(fresher([motion(1), motion(5)], early), figures);
  expect(told).toHaveLength(1);
  expect(told[0]).toMatchObject({ kind: 'frames', frames: [{ frame: 2, luma: 0.3, flowMagnitudePx: 5 }] });
  teller.flow(fresher(early, early), figures);
  teller.flow(fresher([], []), figures);
  expect(told).toHaveLength(1);
});
