import { join } from 'node:path';

import { EngineRun } from './engine-run.ts';
import { compare, type Figure } from './figure.ts';
import { startRival, type Rival } from './rival.ts';
import type { TorchRival } from './torch.ts';
import type { Program } from './work.ts';

const OVERHEAD_GOAL = 1.03;
const TORCH_GOAL = 1 / 3;

export interface Speed {
  readonly figures: readonly Figure[];
  /** Peaks of the rivals' processes; null where the system doesn't tell or the rival is not here. */
  readonly barePeakBytes: number | null;
  readonly torchPeakBytes: number | null;
}

/**
 * Engine, bare loop and PyTorch in turn, all of them loaded and warm. Every second round goes backwards, so that
 * nobody always comes after the one that heats the machine up.
 */
export async function measureSpeed(
  program: Program,
  torch: TorchRival | { readonly missing: string },
  rounds: number,
  tell: (line: string) => void,
): Promise<Speed> {
  await using engine = await EngineRun.open(program);
  const bareScript = join(import.meta.dirname, 'bare-loop.ts');
  await using bare = startRival(process.execPath, [bareScript, program.packFolder, JSON.stringify(program.work)]);
  await using torchRival = 'missing' in torch ? null : torch.start();

  const peaks = { bare: null as number | null, torch: null as number | null };
  const took = { engine: 0, bare: 0, torch: 0 };
  const rivalRun = async (name: 'bare' | 'torch', rival: Rival): Promise<void> => {
    const { tookMs, peakBytes } = await rival.run();
    took[name] = tookMs;
    peaks[name] = peakBytes;
  };
  const turns = [
    async () => void (took.engine = await engine.run()),
    async () => rivalRun('bare', bare),
    ...(torchRival ? [async () => rivalRun('torch', torchRival)] : []),
  ];
  tell('warming up');
  for (const turn of turns) await turn();
  const measured: { engine: number; bare: number; torch: number }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const turn of round % 2 === 0 ? turns : turns.toReversed()) await turn();
    measured.push({ ...took });
    const parts = Object.entries(took).map(([name, ms]) => `${name} ${ms.toFixed(0)} ms`);
    tell(`speed, round ${round + 1} of ${rounds}: ${parts.slice(0, turns.length).join(', ')}`);
  }
  const against = (rival: 'bare' | 'torch') =>
    compare(measured.map((round) => ({ ours: round.engine, rival: round[rival] })));
  const name = 'denoising and decoding';
  return {
    figures: [
      { name, unit: 'ms', rivalName: 'bare session loop', goal: OVERHEAD_GOAL, result: against('bare') },
      {
        name,
        unit: 'ms',
        rivalName: 'missing' in torch ? 'PyTorch' : torch.name,
        goal: TORCH_GOAL,
        result: 'missing' in torch ? torch : against('torch'),
      },
    ],
    barePeakBytes: peaks.bare,
    torchPeakBytes: peaks.torch,
  };
}
