import { cp, readFile, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

import { parsePackManifest, type PackManifest } from '../../app/contract/pack.ts';
import { gateExpert } from '../../app/engine/gate.ts';
import { latentShape, type LatentShape } from '../../app/engine/latent.ts';
import { flowSigmas } from '../../app/engine/schedule.ts';
import { rootFolder } from '../guard/source.ts';

/** What engine, bare loop and PyTorch all do: the steps of the pack's best rung, and the decoding of its frames. */
export interface Work {
  readonly threads: number;
  readonly shape: LatentShape;
  readonly steps: readonly {
    readonly expert: string;
    readonly file: string;
    readonly guidance: number;
    readonly sigma: number;
    readonly nextSigma: number;
    readonly timestep: number;
  }[];
  readonly maxTokens: number;
  readonly textWidth: number;
  readonly decoder: PackManifest['vaeDecoder'];
}

/** A program folder with the measured pack alone in it, and a home of its own. */
export interface Program extends AsyncDisposable {
  readonly root: string;
  readonly packFolder: string;
  readonly manifest: PackManifest;
  readonly work: Work;
  readonly at: (name: string) => string;
}

/** @throws Error  with one sentence, where the folder holds no pack */
export async function openProgram(sourceFolder: string): Promise<Program> {
  const text = await readFile(join(sourceFolder, 'pack.json'), 'utf8').catch(() => null);
  if (text === null) throw new Error(`there is no pack.json in ${sourceFolder}; legal: --pack DIR of a model pack`);
  const manifest = parsePackManifest(text);
  if (!manifest.ok) throw new Error(`the pack in ${sourceFolder} can't be used: ${manifest.error}`);
  // A fixed place: what an interrupted benchmark left there is gone with the next one.
  const base = join(rootFolder, '.cache', 'bench');
  await rm(base, { recursive: true, force: true });
  const root = join(base, 'program');
  const packFolder = join(root, 'models', 'measured', 'pack');
  await cp(sourceFolder, packFolder, { recursive: true });
  return {
    root,
    packFolder,
    manifest: manifest.value,
    work: workOf(manifest.value),
    at: (name) => join(base, name),
    [Symbol.asyncDispose]: () => rm(base, { recursive: true, force: true, maxRetries: 5 }),
  };
}

function workOf(manifest: PackManifest): Work {
  const [rung] = manifest.rungs;
  if (!rung) throw new Error('bug: a parsed manifest has rungs');
  const { shift, timestepScale } = manifest.scheduler;
  const sigmas = flowSigmas(rung.steps, shift);
  const steps = Array.from({ length: rung.steps }, (_, i) => {
    const sigma = sigmas[i] ?? 0;
    const expert = gateExpert(manifest.experts, sigma, []);
    if (!expert) throw new Error(`no expert of the pack works at sigma ${sigma}`);
    const { id, file, guidance } = expert;
    return { expert: id, file, guidance, sigma, nextSigma: sigmas[i + 1] ?? 0, timestep: sigma * timestepScale };
  });
  return {
    threads: availableParallelism(),
    shape: latentShape(manifest.latent, rung),
    steps,
    maxTokens: manifest.tokenizer.maxTokens,
    textWidth: manifest.textEncoder.width,
    decoder: manifest.vaeDecoder,
  };
}
