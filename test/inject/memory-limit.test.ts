import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { runCli } from './run-cli.ts';
import { makeTinyProgram, readReport } from './tiny-program.ts';

const MB = 2 ** 20;
const LIMIT_BYTES = 1_200 * MB;

/** A group of processes that may have no more memory than this; null where the system does not let us make one. */
function memoryGroup(limitBytes: number): { readonly join: string; readonly remove: () => void } | null {
  for (const [parent, limitName] of [
    ['/sys/fs/cgroup/memory', 'memory.limit_in_bytes'],
    ['/sys/fs/cgroup', 'memory.max'],
  ] as const) {
    const folder = join(parent, `steadyframe-test-${process.pid}`);
    try {
      mkdirSync(folder);
      try {
        writeFileSync(join(folder, limitName), String(limitBytes));
        return { join: join(folder, 'cgroup.procs'), remove: () => rmdirSync(folder) };
      } catch {
        rmdirSync(folder);
      }
    } catch {
      // Not ours to make groups here.
    }
  }
  return null;
}

const group = memoryGroup(LIMIT_BYTES);

it.skipIf(group === null)(
  'makes less before memory runs out, and says so, where a real limit allows no more',
  async () => {
    if (!group) throw new Error('bug: skipped');
    using _ = { [Symbol.dispose]: group.remove };
    await using program = await makeTinyProgram();
    // A pack whose first rung says that it needs more than the limit, and less than this machine has.
    const path = join(program.packFolder, 'pack.json');
    const manifest = JSON.parse(await readFile(path, 'utf8')) as { rungs: { expectedBytes: number }[] };
    const [first] = manifest.rungs;
    if (!first) throw new Error('bug: the tiny pack has rungs');
    first.expectedBytes = LIMIT_BYTES * 1.2;
    await writeFile(path, JSON.stringify(manifest));
    const args = (name: string): readonly string[] =>
      ['render', '--prompt', 'a red ball', '--seed', '1', '--rung', 'standard'].concat([
        ...['--out', program.at(`${name}.mp4`), '--report', program.at(`${name}.json`)],
      ]);

    const free = await runCli(args('free'), program.env);
    expect(free, free.stderr).toMatchObject({ code: 0 });
    const asked = await readReport(program.at('free.json'));
    expect(asked.delivered.grade).toBe('full');
    const [ram] = asked.health.memory ?? [];
    expect(ram).toMatchObject({ memory: 'ram', predictedBytes: LIMIT_BYTES * 1.2, source: 'pack' });
    // It took less than it said: the measured peak is kept beside it.
    expect(ram?.peakBytes).toBeGreaterThan(0);
    expect(ram?.errorRatio).toBeLessThan(0);

    // Another home: the first run has taught the other one that less is enough.
    const held = await runCli(args('held'), { ...program.env, STEADYFRAME_HOME: program.at('held-home') }, undefined, [
      '/bin/sh',
      '-c',
      `echo $$ > ${group.join}; exec "$@"`,
      'sh',
    ]);
    expect(held, held.stderr).toMatchObject({ code: 0 });
    const less = await readReport(program.at('held.json'));
    expect(less.attempts[0]).toMatchObject({
      stepsRun: 0,
      faults: [{ kind: 'memory-pressure', evidence: { isPredicted: true, memory: 'ram' } }],
    });
    expect(less.decisions[0]).toMatchObject({ cause: 'memory-short', outcome: 'worked' });
    expect(less.delivered.grade).toBe('degraded');
  },
);
