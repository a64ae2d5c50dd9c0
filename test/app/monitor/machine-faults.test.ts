import { expect, it } from 'vitest';

import { faultOf } from '../../../app/monitor/fault.ts';
import { explainByMachine } from '../../../app/monitor/machine-faults.ts';

const pressure = faultOf('memory-pressure', 'monitor', { memory: 'vram' });
const fullDisk = faultOf('disk-full', 'monitor', {}, { severity: 'warning' });
const crash = faultOf('engine-crashed', 'denoise', {});
const black = faultOf('frames-black', 'monitor', {});
const warned = { ...pressure, severity: 'warning' };

it.each([
  ['a sound attempt is warned', [pressure], [], [warned]],
  ['a crash has its cause before it', [pressure], [crash], [pressure, crash]],
  ['black frames have another cause', [pressure], [black], [black, warned]],
  ['a warning explains nothing', [fullDisk], [crash], [crash, fullDisk]],
  ['nothing stays nothing', [], [crash], [crash]],
])('%s', (_name, machine, found, expected) => expect(explainByMachine(machine, found)).toEqual(expected));
