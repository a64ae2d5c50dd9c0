import { chmod, writeFile } from 'node:fs/promises';
import { delimiter } from 'node:path';

import { findTool } from '../export/tools.ts';
import type { Lab, Run } from './lab.ts';
import { signalTo, wait } from './processes.ts';
import type { Scenario } from './scenario.ts';

const PAUSE_BEFORE_STOP_MS = 30;

async function signalEncoder(lab: Lab, signal: NodeJS.Signals): Promise<Run> {
  // Large enough for the encoder to be met at work.
  const run = lab.render(['--rung', 'standard']);
  await run.until(/^denoise /);
  const encoder = await run.encoder();
  await wait(PAUSE_BEFORE_STOP_MS);
  lab.injected();
  if (encoder !== null) signalTo(encoder, signal);
  return run;
}

/** An ffmpeg that fails in its own way the first time and is the real one afterwards. */
async function wrapEncoder(lab: Lab, firstTime: string): Promise<Run> {
  const real = findTool('ffmpeg')?.path ?? 'ffmpeg';
  const [wrapper, mark] = [lab.at('ffmpeg'), lab.at('was-called')];
  await writeFile(
    wrapper,
    `#!/bin/sh\nif [ "$1" != "-version" ] && [ ! -e '${mark}' ]; then : > '${mark}'; ${firstTime}; fi\nexec '${real}' "$@"\n`,
  );
  await chmod(wrapper, 0o755);
  lab.injected();
  return lab.render([], { FFMPEG_BIN: wrapper });
}

export const encoderFaults: readonly Scenario[] = [
  {
    name: 'encoder-killed',
    layer: 'encoder',
    needs: 'linux',
    expected: { kind: 'cured', faults: ['encoder-failed'], atBest: 'full' },
    run: async (lab) => signalEncoder(lab, 'SIGKILL'),
  },
  {
    name: 'encoder-stopped',
    layer: 'encoder',
    needs: 'linux',
    expected: { kind: 'cured', faults: ['encoder-failed'], atBest: 'full' },
    run: async (lab) => signalEncoder(lab, 'SIGSTOP'),
  },
  {
    name: 'encoder-exits-1',
    layer: 'encoder',
    needs: 'linux',
    expected: { kind: 'cured', faults: ['encoder-failed'], atBest: 'full' },
    run: async (lab) => wrapEncoder(lab, 'exit 1'),
  },
  {
    name: 'encoder-writes-nothing',
    layer: 'encoder',
    needs: 'linux',
    expected: { kind: 'cured', faults: ['encoder-failed'], atBest: 'full' },
    run: async (lab) => wrapEncoder(lab, 'exit 0'),
  },
  {
    name: 'encoder-missing',
    layer: 'encoder',
    expected: { kind: 'cured', faults: ['encoder-failed'], atBest: 'full' },
    run: async (lab) => {
      lab.injected();
      await lab.ownPacks();
      return lab.render([], {
        FFMPEG_BIN: lab.at('nothing'),
        PATH: (process.env['PATH'] ?? '')
          .split(delimiter)
          .filter((part) => part.includes('node'))
          .join(delimiter),
      });
    },
  },
];
