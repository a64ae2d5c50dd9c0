import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

import { afterEach, expect, it } from 'vitest';

import { UnitWatch, type Late } from '../../../main/host/deadline.ts';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

async function processOf(code: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['-e', `${code}; console.log('up')`], { stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(child);
  await once(child.stdout, 'data');
  return child;
}

/** Why it was given up. */
async function givenUp(child: ChildProcess | null, limitMs: number): Promise<Late> {
  const { promise, resolve } = Promise.withResolvers<Late>();
  const watch = new UnitWatch(resolve, () => child?.pid, 2_000);
  watch.start('loading', limitMs);
  const late = await promise;
  watch.stop();
  return late;
}

it.runIf(process.platform === 'linux')(
  'gives up at once what was stopped, and nothing that wakes now and then',
  async () => {
    // Catches a slow load of a large pack that is killed for a hang: it runs, if only for a moment each second.
    const stopped = await processOf('setInterval(() => 0, 100)');
    stopped.kill('SIGSTOP');
    const slow = await processOf('setInterval(() => 0, 300)');
    expect(await Promise.all([givenUp(stopped, 8_000), givenUp(slow, 5_000)])).toEqual([
      { unit: 'loading', limitMs: 8_000, idleMs: 2_000 },
      { unit: 'loading', limitMs: 5_000 },
    ]);
  },
  20_000,
);

it('goes by time alone where nobody can look', async () => {
  expect(await givenUp(null, 50)).toEqual({ unit: 'loading', limitMs: 50 });
});
