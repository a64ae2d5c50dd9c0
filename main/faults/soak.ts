import { readdir, readlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';

import type { GradeName } from '../../app/contract/name.ts';
import { slopePerRun, type SoakSample } from '../../app/recovery/soak.ts';
import { mixedRuns } from './mix.ts';
import { ShortRuns } from './short-run.ts';
import { childrenOf } from './processes.ts';

export interface SoakResult {
  readonly runs: number;
  readonly clips: number;
  readonly problems: readonly string[];
  readonly grades: Readonly<Partial<Record<GradeName, number>>>;
  /** Per run, of the floor; null where the system doesn't tell or the runs were too few. */
  readonly mainBytesSlope: number | null;
  readonly handlesSlope: number | null;
  readonly filesSlope: number | null;
  /** Processes of this soak that outlived it, and files that it left in the folder for temporary ones. */
  readonly orphanProcesses: number;
  readonly orphanFiles: number;
  readonly seconds: number;
}

/** How far it is, and what this process holds. */
export interface SoakProgress extends SoakSample {
  readonly clips: number;
  readonly heapBytes: number;
  readonly children: number;
  /** With it the soak goes on from here. */
  readonly nextSeed: number;
}

/** What is held is told every so many runs. */
const TOLD_RUNS = 25;
const SOAK_STEPS = 6;
const SOAK_FRAMES = 5;
const SETTLE_MS = 500;

/** Many short runs in a row in one program, with whatever fault comes; what is left afterwards is what leaked. */
export async function soak(options: {
  readonly root: string;
  readonly home: string;
  readonly runs: number;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly onRun: (run: number, line: string) => void;
  readonly onProgress: (held: SoakProgress) => void;
}): Promise<SoakResult> {
  const startedMs = performance.now();
  const filesBefore = await temporaryFiles();
  const samples: SoakSample[] = [];
  const problems: string[] = [];
  const grades: Partial<Record<GradeName, number>> = {};
  let run = 0;
  let clips = 0;
  {
    await using runs = await ShortRuns.open(options.root, options.home);
    for (const { prompt, seed, fault, injections } of mixedRuns(options.runs, options.seed)) {
      if (options.signal.aborted) break;
      const order = { prompt, seed, injections, mode: 'auto', steps: SOAK_STEPS, frameCount: SOAK_FRAMES } as const;
      const end = await runs.run(order);
      if (end.grade) {
        clips += 1;
        grades[end.grade] = (grades[end.grade] ?? 0) + 1;
      } else problems.push(`run ${run} (${fault ?? 'calm'}): ${end.problem}`);
      const sample = {
        run,
        mainBytes: process.memoryUsage.rss(),
        handles: await openHandles(),
        files: await filesBelow(options.home),
      };
      samples.push(sample);
      options.onRun(run, `seed ${seed}: ${fault ?? 'calm'} → ${end.grade ?? end.problem}, ${end.seconds.toFixed(1)} s`);
      run += 1;
      if (run % TOLD_RUNS === 0)
        options.onProgress({
          ...sample,
          ...{ run, clips, nextSeed: seed + 1 },
          heapBytes: process.memoryUsage().heapUsed,
          children: (await childrenOf(process.pid)).length,
        });
    }
  }
  // The kernel needs a moment to take dead processes off its list.
  await wait(SETTLE_MS);
  return {
    runs: run,
    clips,
    problems,
    grades,
    mainBytesSlope: slopePerRun(samples, ({ mainBytes }) => mainBytes),
    handlesSlope: slopePerRun(samples, ({ handles }) => handles),
    filesSlope: slopePerRun(samples, ({ files }) => files),
    orphanProcesses: (await childrenOf(process.pid)).length,
    orphanFiles: Math.max(0, (await temporaryFiles()) - filesBefore),
    seconds: (performance.now() - startedMs) / 1_000,
  };
}

/** Open files and sockets of this process; 0 where the system doesn't list them. */
async function openHandles(): Promise<number> {
  const names = await readdir('/proc/self/fd').catch(() => []);
  const targets = await Promise.all(names.map(async (name) => readlink(`/proc/self/fd/${name}`).catch(() => '')));
  return targets.filter((target) => target !== '').length;
}

const filesBelow = async (folder: string): Promise<number> =>
  (await readdir(folder, { recursive: true }).catch(() => [])).filter((name) => !name.endsWith('.mp4')).length;

const temporaryFiles = async (): Promise<number> =>
  (await readdir(tmpdir()).catch(() => [])).filter((name) => name.startsWith('steadyframe-')).length;
