import { execFile } from 'node:child_process';
import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { runReport } from '../../app/contract/report.ts';
import { rootFolder } from '../guard/source.ts';
import { compare, type Figure } from './figure.ts';
import type { Program } from './work.ts';

const SHARE_GOAL = 0.05;
const PROMPT = 'a turtle moves right on the beach';

/**
 * What the monitors of frames take of a generation, the time included that they are waited for: whole runs of the command line, flow model and encoding included, each
 * by what its own report says.
 */
export async function measureMonitorShare(
  program: Program,
  rounds: number,
  tell: (line: string) => void,
): Promise<Figure> {
  const figure = {
    name: 'frame monitors of a generation',
    unit: 'ms',
    rivalName: 'the whole generation',
    goal: SHARE_GOAL,
  } as const;
  try {
    await cp(join(rootFolder, 'models', 'raft-mini'), join(program.root, 'models', 'raft-mini'), { recursive: true });
    const [clip, report] = [program.at('share.mp4'), program.at('share.json')];
    const args = ['render', '--prompt', PROMPT, '--pack', program.manifest.id, '--out', clip, '--report', report];
    const env = { ...process.env, STEADYFRAME_ROOT: program.root, STEADYFRAME_HOME: program.at('share-home') };
    const measured: { ours: number; rival: number }[] = [];
    for (let round = 0; round < rounds; round += 1) {
      await promisify(execFile)(process.execPath, [join(rootFolder, 'dist', 'main', 'cli.js'), ...args], { env });
      const { wallMs, attempts } = runReport.parse(JSON.parse(await readFile(report, 'utf8')));
      const ours = attempts.reduce((sum, { stageMs }) => sum + stageMs.monitor, 0);
      measured.push({ ours, rival: wallMs });
      tell(`monitors, round ${round + 1} of ${rounds}: ${ours.toFixed(0)} of ${wallMs.toFixed(0)} ms`);
    }
    return { ...figure, result: compare(measured) };
  } catch (cause) {
    return { ...figure, result: { missing: cause instanceof Error ? cause.message : String(cause) } };
  }
}
