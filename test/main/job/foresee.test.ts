import { expect, it } from 'vitest';

import { faultOf } from '../../../app/monitor/fault.ts';
import { isPressing } from '../../../main/job/foresee.ts';

const pressure = (ownBytes: number | null, severity: 'fault' | 'warning' = 'fault') =>
  faultOf('memory-pressure', 'monitor', { memory: 'ram', ownBytes, totalBytes: 1_000 }, { severity });

it.each([
  ['a full memory that is a good part ours', pressure(300), true],
  ['a full memory that is somebody else’s', pressure(100), false],
  ['a full memory of which nobody knows whose it is', pressure(null), false],
  ['a warning', pressure(300, 'warning'), false],
  ['a card that went away', faultOf('gpu-lost', 'monitor', {}), true],
  ['a slow run', faultOf('slow-query', 'monitor', {}), false],
])('%s stops a running attempt: %j', (_, fault, isStopped) => {
  // Catches a run that is cut short for what its neighbours do: less of our work would not help them.
  expect(isPressing(fault)).toBe(isStopped);
});
