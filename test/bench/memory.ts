import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { peakResidentBytes } from '../../main/device/process-memory.ts';
import { rootFolder } from '../guard/source.ts';
import { childrenOf } from '../../main/faults/processes.ts';
import { PROMPT } from './engine-run.ts';
import { compare, type Figure } from './figure.ts';
import type { Speed } from './speed.ts';
import type { Program } from './work.ts';

const LOOK_EVERY_MS = 25;
/** As the engine names itself once it runs: its command line is gone then. */
const ENGINE_TITLE = 'steadyframe engine';
const IDLE_NODE = 'setInterval(() => 0, 1000); process.stdout.write("here")';

/** Peaks of both processes of a whole `npm run render`; the kernel keeps them, so looking now and then misses nothing. */
async function renderPeaks(program: Program): Promise<{ readonly main: number; readonly engine: number } | null> {
  const args = [join(rootFolder, 'dist', 'main', 'cli.js'), 'render', '--prompt', PROMPT, '--seed', '7'];
  const env = { ...process.env, STEADYFRAME_ROOT: program.root, STEADYFRAME_HOME: program.at('memory-home') };
  const child = spawn(process.execPath, [...args, '--out', program.at('memory.mp4')], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(child, 'exit');
  let main = 0;
  let engine = 0;
  while (child.exitCode === null && child.signalCode === null) {
    main = Math.max(main, peakResidentBytes(child.pid) ?? 0);
    for (const pid of await childrenOf(child.pid ?? 0)) {
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      if (command.startsWith(ENGINE_TITLE)) engine = Math.max(engine, peakResidentBytes(pid) ?? 0);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  await ended;
  if (child.exitCode !== 0) throw new Error(`npm run render ended with ${child.exitCode}`);
  return main > 0 && engine > 0 ? { main, engine } : null;
}

async function idleNodePeak(): Promise<number | null> {
  const child = spawn(process.execPath, ['-e', IDLE_NODE], { stdio: ['ignore', 'pipe', 'ignore'] });
  await once(child.stdout, 'data');
  const peakBytes = peakResidentBytes(child.pid);
  child.kill('SIGKILL');
  return peakBytes;
}

export async function measureMemory(
  program: Program,
  { barePeakBytes, torchPeakBytes }: Pick<Speed, 'barePeakBytes' | 'torchPeakBytes'>,
  torchName: string,
  rounds: number,
  tell: (line: string) => void,
): Promise<readonly Figure[]> {
  const peaks: { main: number; engine: number; idle: number }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const [render, idle] = [await renderPeaks(program), await idleNodePeak()];
    if (render && idle !== null) peaks.push({ ...render, idle });
    tell(`memory, round ${round + 1} of ${rounds}`);
  }
  const noPeaks = { missing: 'this system tells no peak of memory' };
  const against = (ours: 'main' | 'engine', rivalBytes: (peak: { readonly idle: number }) => number | null) => {
    const pairs = peaks.flatMap((peak) => {
      const rival = rivalBytes(peak);
      return rival === null ? [] : [{ ours: peak[ours], rival }];
    });
    return pairs.length > 0 ? compare(pairs) : noPeaks;
  };
  const common = { unit: 'bytes', goal: null } as const;
  const name = 'peak memory, engine';
  return [
    { ...common, name, rivalName: 'bare session loop', result: against('engine', () => barePeakBytes) },
    {
      ...common,
      name,
      rivalName: torchName,
      result:
        torchPeakBytes === null ? { missing: 'no PyTorch was measured' } : against('engine', () => torchPeakBytes),
    },
    {
      ...common,
      name: 'peak memory, main',
      rivalName: 'Node doing nothing',
      result: against('main', ({ idle }) => idle),
    },
  ];
}
