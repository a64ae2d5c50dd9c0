import { restLater, stopFor, signalTo } from './processes.ts';
import type { Lab, Run } from './lab.ts';
import type { Scenario } from './scenario.ts';

const RESTARTS = 6;
const PAUSE_MS = 3_000;

/** The line about the text is complete once denoising has begun. */
const denoising = /^text /;
const decoding = /^denoise /;

async function signalEngine(lab: Lab, signal: NodeJS.Signals, when: RegExp): Promise<Run> {
  const run = lab.render();
  const engine = await run.engine();
  await run.until(when);
  lab.injected();
  if (engine !== null && !run.isOver) signalTo(engine, signal);
  return run;
}

const dies = (signal: NodeJS.Signals, name: string, when = denoising): Scenario => ({
  name,
  layer: 'engine',
  needs: 'linux',
  expected: { kind: 'cured', faults: ['engine-crashed'], atBest: 'repaired' },
  run: async (lab) => signalEngine(lab, signal, when),
});

export const engineFaults: readonly Scenario[] = [
  dies('SIGKILL', 'engine-killed'),
  dies('SIGKILL', 'engine-killed-decoding', decoding),
  dies('SIGSEGV', 'engine-segfault'),
  dies('SIGABRT', 'engine-abort'),
  {
    name: 'engine-stopped',
    layer: 'engine',
    needs: 'linux',
    expected: { kind: 'cured', faults: ['engine-hung'], atBest: 'repaired' },
    run: async (lab) => signalEngine(lab, 'SIGSTOP', denoising),
  },
  {
    name: 'engine-starved',
    layer: 'engine',
    needs: 'linux',
    expected: { kind: 'borne' },
    run: async (lab) => {
      const run = lab.render();
      const engine = await run.engine();
      await run.until(denoising);
      if (engine !== null) await stopFor(engine, PAUSE_MS);
      return run;
    },
  },
  {
    name: 'engine-crash-loop',
    layer: 'engine',
    needs: 'linux',
    expected: { kind: 'cured', faults: ['engine-crashed'], atBest: 'degraded' },
    run: async (lab) => {
      const run = lab.render();
      lab.injected();
      let last = 0;
      for (let i = 0; i < RESTARTS && !run.isOver; i += 1) {
        const engine = await run.engine();
        // ffmpeg may be all that is left; the engine is the one that was not killed before.
        if (engine === null || engine === last) break;
        signalTo(engine, 'SIGKILL');
        last = engine;
        await restLater(last);
      }
      return run;
    },
  },
];
