import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { WHOLE_DECODE, type AttemptPlan, type DenoiseState, type EngineEvent } from '../../../app/contract/engine.ts';
import { parsePackManifest, type PackManifest } from '../../../app/contract/pack.ts';
import { runAttempt } from '../../../main/engine/attempt.ts';
import { openPackGraphs, type PackGraphs } from '../../../main/engine/pack-graphs.ts';
import { rootFolder } from '../../guard/source.ts';

/** The embedded pack, opened in this process. */
export async function openEmbeddedPack(): Promise<{ readonly pack: PackManifest; readonly graphs: PackGraphs }> {
  const folder = join(rootFolder, 'models', 'wan-mini', 'pack');
  const manifest = parsePackManifest(await readFile(join(folder, 'pack.json'), 'utf8'));
  if (!manifest.ok) throw new Error(manifest.error);
  const graphs = await openPackGraphs(folder, manifest.value, 2, () => undefined);
  return { pack: manifest.value, graphs };
}

/** A plan for the pack's smallest rung. */
export function quickPlan({ rungs, scheduler }: PackManifest, change: Partial<AttemptPlan> = {}): AttemptPlan {
  const rung = rungs.at(-1);
  if (!rung) throw new Error('bug: a parsed manifest has rungs');
  const { widthPx, heightPx, frameCount, steps, experts = null } = rung;
  const size = { widthPx, heightPx, frameCount, steps, experts };
  const text = { prompt: 'a tiger walks to the left in a park', negative: '', seed: 3 };
  const { solver } = scheduler;
  return { ...text, ...size, solver, maskedExperts: [], decode: WHOLE_DECODE, window: null, ...change };
}

export interface Rendered {
  readonly events: readonly EngineEvent[];
  /** Each [height, width, 3]. */
  readonly frames: readonly Uint8Array[];
  /** Latents of the finished run, if it saved any. */
  readonly latents: DenoiseState | null;
}

export async function render(
  graphs: PackGraphs,
  plan: AttemptPlan,
  resume: DenoiseState | null = null,
): Promise<Rendered> {
  const events: EngineEvent[] = [];
  const command = { kind: 'attempt' as const, jobId: 'a', attempt: 0, plan, resume };
  await runAttempt(
    graphs,
    command,
    () => null,
    (event) => events.push(event),
  );
  const frames = events.flatMap((event) => {
    if (event.kind !== 'frames-decoded') return [];
    const bytes = event.rgb.length / event.frameCount;
    return Array.from({ length: event.frameCount }, (_, i) => event.rgb.subarray(i * bytes, (i + 1) * bytes));
  });
  const last = events.findLast((event) => event.kind === 'checkpoint' && event.at === 'denoised');
  return { events, frames, latents: last?.kind === 'checkpoint' ? last.state : null };
}

/** Decibels between two pictures; Infinity where they are the same. */
export function psnrDb(a: Uint8Array, b: Uint8Array): number {
  const squares = a.reduce((sum, value, i) => sum + (value - (b[i] ?? 0)) ** 2, 0);
  return 10 * Math.log10((255 * 255 * a.length) / squares);
}
