import { expect, it } from 'vitest';

import type { HealthEvent } from '../../../app/contract/health.ts';
import { measureFrames } from '../../../app/monitor/frame.ts';
import { fresher, HealthTeller } from '../../../main/job/health-teller.ts';
import { sampleFlow } from '../../fixture/flow.ts';

const [plain] = measureFrames([new Uint8Array(16 * 16 * 3)], 16);
const figures = [0.1, 0.2, 0.3].flatMap((luma) => (plain ? { ...plain, luma } : []));

it('tells of motion that was late once it is there, and of none twice', () => {
  const told: HealthEvent[] = [];
  const size = { frameCount: 3, widthPx: 16, heightPx: 16 };
  const teller = new HealthTeller({ jobId: 'a', attempt: 0 }, size, (event) => told.push(event));
  const early = [sampleFlow(1), null];
  teller.flow(fresher([sampleFlow(1), sampleFlow(5)], early), figures);
  expect(told).toHaveLength(1);
  expect(told[0]).toMatchObject({ kind: 'frames', frames: [{ frame: 2, luma: 0.3, flowMagnitudePx: 5 }] });
  teller.flow(fresher(early, early), figures);
  teller.flow(fresher([], []), figures);
  expect(told).toHaveLength(1);
});
