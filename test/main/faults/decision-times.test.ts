import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { decisionTimes, type Line } from '../../../main/faults/decision-times.ts';
import { processorWaitMs } from '../../../main/faults/processes.ts';

const line = (text: string, atMs: number, waitedMs: number | null = null): Line => ({ text, atMs, waitedMs });

describe('decisionTimes', () => {
  it.each([
    ['from the last fault to the decision', [line('fault a', 5), line('fault b', 9), line('recovery x', 20)], [11]],
    ['without what others had the processor', [line('fault a', 0, 100), line('recovery x', 90, 160)], [30]],
    ['whole where the kernel does not tell', [line('fault a', 0), line('recovery x', 90, 160)], [90]],
    ['never less than nothing', [line('fault a', 0, 0), line('recovery x', 5, 9)], [0]],
    ['once for each fault', [line('fault a', 0), line('recovery x', 4), line('recovery y', 9)], [4]],
    ['none without a fault', [line('recovery x', 4)], []],
  ])('tells it %s', (_, lines, times) => {
    expect(decisionTimes(lines)).toEqual(times);
  });
});

describe.runIf(existsSync('/proc/self/schedstat'))('processorWaitMs', () => {
  it('grows where two want one processor, and is none for a process that is gone', async () => {
    const spin =
      "const until = Date.now() + 400; while (Date.now() < until); process.stdin.resume(); console.log('spun')";
    const [, core = '0'] = /Cpus_allowed_list:\s*(\d+)/.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    const pair = [0, 1].map(() =>
      spawn('taskset', ['-c', core, process.execPath, '-e', spin], { stdio: ['pipe', 'pipe', 'ignore'] }),
    );
    try {
      await Promise.all(pair.map(async ({ stdout }) => once(stdout, 'data')));
      const waited = pair.map(({ pid = 0 }) => processorWaitMs(pid) ?? 0);
      expect(Math.max(...waited)).toBeGreaterThan(50);
    } finally {
      for (const child of pair) child.kill('SIGKILL');
    }
    await Promise.all(pair.map(async (child) => (child.signalCode === null ? once(child, 'exit') : null)));
    expect(processorWaitMs(pair[0]?.pid ?? 0)).toBeNull();
  });
});
