import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { totalmem } from 'node:os';

import { describe, expect, it } from 'vitest';

import { forgetPeak, memoryLimitBytes, peakResidentBytes } from '../../../main/device/process-memory.ts';

const MIB = 1024 ** 2;
const isLinux = process.platform === 'linux';

describe('peak memory of a process', () => {
  it.runIf(isLinux)('is the highest it ever was, not what it is now', async () => {
    // Catches VmRSS in the place of VmHWM: the peak between two looks would be lost.
    const script = `
      let block = Buffer.alloc(${200 * MIB}, 1);
      block = null;
      // Memory outside of the heap is given back some time after it was let go.
      const timer = setInterval(() => {
        gc();
        const bytes = process.memoryUsage.rss();
        if (bytes < ${200 * MIB}) process.send(bytes);
      }, 20);`;
    const child = spawn(process.execPath, ['--expose-gc', '-e', script], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const [nowBytes] = (await once(child, 'message')) as [number];
    const peakBytes = peakResidentBytes(child.pid);
    forgetPeak(child.pid);
    const nextPeakBytes = peakResidentBytes(child.pid);
    child.kill('SIGKILL');
    // That of the next run begins with what is resident now.
    expect(nextPeakBytes).toBeLessThan(200 * MIB);
    expect(peakBytes).toBeGreaterThan(200 * MIB);
    expect(peakBytes).toBeGreaterThan(nowBytes);
    expect(peakBytes).toBeLessThan(1024 * MIB);
  });

  it('is unknown, not zero, for a process that is gone or never was', async () => {
    const child = spawn(process.execPath, ['-e', ''], { stdio: 'ignore' });
    await once(child, 'exit');
    expect(peakResidentBytes(child.pid)).toBeNull();
    expect(peakResidentBytes(undefined)).toBeNull();
    expect(peakResidentBytes(-1)).toBeNull();
    expect(() => forgetPeak(child.pid)).not.toThrow();
  });
});

it('knows a limit that this very process keeps', () => {
  // Catches a container's "no limit", which is larger than any machine, taken for memory.
  expect(memoryLimitBytes()).toBeLessThanOrEqual(totalmem());
  expect(memoryLimitBytes()).toBeGreaterThan(process.memoryUsage().rss);
});
