import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

import { attemptPlan } from '../../app/contract/engine.ts';
import type { Rung } from '../../app/contract/pack.ts';
import { EngineHost } from '../../main/host/engine-host.ts';
import { spawnEngineFrom } from '../../main/host/node-child.ts';
import type { Pack } from '../../main/pack/pack-store.ts';
import { replaceFile } from '../../main/store/atomic-file.ts';
import type { Clip } from './clip.ts';

/** What a healthy clip is asked for: every kind of motion and place, in both languages, and things that stand still at night. */
export interface Wish {
  readonly prompt: string;
  readonly seed: number;
}

interface Studio {
  readonly pack: Pack;
  /** Of the built engine. */
  readonly enginePath: string;
  /** Rendered clips are kept here, so that an interrupted run goes on where it was. */
  readonly keptIn: string;
  readonly onProgress: (line: string) => void;
}

/** Clips as the pack renders them, frame by frame from the engine, with nothing between it and the monitors: all rungs in turn. */
export async function* renderClips(studio: Studio, wishes: readonly Wish[]): AsyncGenerator<Clip> {
  const { pack, enginePath, keptIn, onProgress } = studio;
  await mkdir(keptIn, { recursive: true });
  await using host = new EngineHost({
    spawn: (options) => spawnEngineFrom(enginePath, options),
    pack,
    threads: availableParallelism(),
    onStatus: () => undefined,
  });
  const { rungs, fps } = pack.manifest;
  for (const [i, wish] of wishes.entries()) {
    const rung = rungs[i % rungs.length];
    if (!rung) throw new Error('bug: a parsed manifest has rungs');
    const { name, widthPx, heightPx, frameCount } = rung;
    const key = createHash('sha256')
      .update(JSON.stringify([pack.sha256, wish, rung]))
      .digest('hex')
      .slice(0, 24);
    const path = join(keptIn, `${key}.rgb`);
    const frameBytes = widthPx * heightPx * 3;
    // A plain array: the slices of a Buffer share its memory.
    let rgb = await readFile(path).then(
      (bytes) => new Uint8Array(bytes),
      () => null,
    );
    if (rgb?.length !== frameBytes * frameCount) {
      rgb = await render(host, pack, rung, wish);
      await replaceFile(path, rgb);
      onProgress(`clip ${i + 1} of ${wishes.length} rendered`);
    }
    const frames = Array.from({ length: frameCount }, (_, at) => rgb.slice(at * frameBytes, (at + 1) * frameBytes));
    const kind = `pack, ${name} (${widthPx}x${heightPx}, ${frameCount} frames)`;
    yield { name: `${wish.prompt} #${wish.seed}`, kind, prompt: wish.prompt, widthPx, heightPx, fps, frames };
  }
}

async function render(
  host: EngineHost,
  { manifest }: Pack,
  rung: Rung,
  { prompt, seed }: Wish,
): Promise<Uint8Array<ArrayBuffer>> {
  const { widthPx, heightPx, frameCount, steps } = rung;
  const plan = attemptPlan.parse({
    ...{ prompt, negative: '', seed, widthPx, heightPx, frameCount, steps, maskedExperts: [] },
    ...{ solver: rung.solver ?? manifest.scheduler.solver, experts: rung.experts ?? null },
  });
  const parts: Uint8Array[] = [];
  const end = await host.run(
    { jobId: 'detection', attempt: 0, plan, resume: null },
    (event) => void (event.kind === 'frames-decoded' && parts.push(event.rgb)),
    new AbortController().signal,
  );
  if (end.kind !== 'done') throw new Error(`"${prompt}" could not be rendered: ${JSON.stringify(end)}`);
  return new Uint8Array(Buffer.concat(parts));
}
