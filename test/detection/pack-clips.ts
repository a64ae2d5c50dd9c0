import { availableParallelism } from 'node:os';

import { attemptPlan } from '../../app/contract/engine.ts';
import { gateExpert } from '../../app/engine/gate.ts';
import { EngineHost } from '../../main/host/engine-host.ts';
import { spawnEngineFrom } from '../../main/host/node-child.ts';
import type { Pack } from '../../main/pack/pack-store.ts';
import type { Clip } from './clip.ts';

/** What a healthy clip is asked for: every kind of motion and place, in both languages, and things that stand still at night. */
export interface Wish {
  readonly prompt: string;
  readonly seed: number;
}

/**
 * Clips as the pack renders them, frame by frame from the engine, with nothing between it and the monitors.
 *
 * @param enginePath  of the built engine
 */
export async function* renderClips(
  pack: Pack,
  enginePath: string,
  wishes: readonly Wish[],
  steps: number | null = null,
): AsyncGenerator<Clip> {
  await using host = new EngineHost({
    spawn: (options) => spawnEngineFrom(enginePath, options),
    pack,
    threads: availableParallelism(),
    onStatus: () => undefined,
  });
  const [rung] = pack.manifest.rungs;
  if (!rung || !gateExpert(pack.manifest.experts, 1, []))
    throw new Error('bug: a parsed manifest has rungs and experts');
  const { widthPx, heightPx, frameCount } = rung;
  for (const { prompt, seed } of wishes) {
    const frames: Uint8Array[] = [];
    const plan = attemptPlan.parse({
      ...{ prompt, negative: '', seed, widthPx, heightPx, frameCount, steps: steps ?? rung.steps },
      ...{ solver: pack.manifest.scheduler.solver, maskedExperts: [], experts: rung.experts ?? null },
    });
    const end = await host.run(
      { jobId: 'detection', attempt: frames.length, plan, resume: null },
      (event) => {
        if (event.kind !== 'frames-decoded') return;
        const frameBytes = widthPx * heightPx * 3;
        for (let at = 0; at < event.rgb.length; at += frameBytes) frames.push(event.rgb.slice(at, at + frameBytes));
      },
      new AbortController().signal,
    );
    if (end.kind !== 'done') throw new Error(`"${prompt}" could not be rendered: ${JSON.stringify(end)}`);
    yield { name: prompt, kind: 'pack', prompt, widthPx, heightPx, fps: pack.manifest.fps, frames };
  }
}
