import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import type { Lab } from './lab.ts';
import type { Scenario } from './scenario.ts';

const run = promisify(execFile);

/** A real disk of its own with so little room. */
async function smallDisk(lab: Lab, folder: string, size: string, options = ''): Promise<void> {
  await mkdir(folder, { recursive: true });
  await run('mount', ['-t', 'tmpfs', '-o', `size=${size}${options}`, 'tmpfs', folder]);
  lab.onEnd(async () => void (await run('umount', ['-l', folder])));
}

export const diskFaults: readonly Scenario[] = [
  {
    name: 'disk-full-for-the-clip',
    layer: 'disk',
    needs: 'linux root',
    expected: { kind: 'refused', exitCode: 3, says: /full|disk-full|space/ },
    run: async (lab) => {
      const folder = lab.at('small');
      await smallDisk(lab, folder, '16k');
      lab.injected();
      return lab.render(['--out', join(folder, 'clip.mp4')]);
    },
  },
  {
    name: 'disk-read-only',
    layer: 'disk',
    needs: 'linux root',
    expected: { kind: 'refused', exitCode: 3, says: /--out/ },
    run: async (lab) => {
      const folder = lab.at('sealed');
      await smallDisk(lab, folder, '1m', ',ro');
      lab.injected();
      return lab.render(['--out', join(folder, 'clip.mp4')]);
    },
  },
  {
    name: 'folder-is-a-file',
    layer: 'disk',
    expected: { kind: 'refused', exitCode: 3, says: /--out/ },
    run: async (lab) => {
      await writeFile(lab.at('file'), 'not a folder');
      lab.injected();
      return lab.render(['--out', lab.at('file', 'clip.mp4')]);
    },
  },
  {
    // Frames and history lie there: too little of it must end in one line, not in a hang or a half clip.
    name: 'disk-full-for-the-home',
    layer: 'disk',
    needs: 'linux root',
    expected: { kind: 'cured', faults: ['disk-full'], atBest: 'full' },
    run: async (lab) => {
      await smallDisk(lab, lab.at('home'), '160k');
      lab.injected();
      return lab.render();
    },
  },
];
