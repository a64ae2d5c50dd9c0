import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

import { expect, it } from 'vitest';

import { makeExpendable } from '../../../main/base/make-expendable.ts';

it.skipIf(process.platform !== 'linux')(
  'lets the kernel take a child before its parent, and minds none that is gone',
  async () => {
    const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] });
    const end = once(child, 'exit');
    const scoreOf = (pid: number | string | undefined): number =>
      Number(readFileSync(`/proc/${pid}/oom_score_adj`, 'utf8'));
    makeExpendable(child.pid);
    expect(scoreOf(child.pid)).toBeGreaterThan(scoreOf('self'));
    child.kill('SIGKILL');
    await end;
    expect(() => makeExpendable(child.pid)).not.toThrow();
    expect(() => makeExpendable(undefined)).not.toThrow();
  },
);
