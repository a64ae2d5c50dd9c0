import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';

import {
  sameSceneDistance,
  templateFigures,
  type TemplateFigures,
  type Wordings,
} from '../../app/recovery/template.ts';
import type { SpawnEngine } from '../host/engine-child.ts';
import { EngineHost } from '../host/engine-host.ts';
import type { Pack } from '../pack/pack-store.ts';
import { writeCalibration } from './calibrate-pack.ts';
import { RunFailed, seeText } from './healthy-runs.ts';

const PROMPT_COUNT = 800;
/** Beside the one that was chosen, what others would be worth. */
const SHOWN = [0.02, 0.05, 0.1, 0.18, 0.25, 0.35] as const;

export interface TemplateOrder {
  readonly pack: Pack;
  readonly captions: readonly string[];
  readonly spawnEngine: SpawnEngine;
  /** Write the distance into the pack. */
  readonly isKept: boolean;
}

/**
 * The distance from which on two prompts ask for different scenes, by captions of different scenes; and what it is worth, by
 * paraphrases beside the pack.
 *
 * @throws RunFailed  where the pack encodes no text, or there is nothing to go by
 */
export async function calibrateTemplates(
  { pack, captions, spawnEngine, isKept }: TemplateOrder,
  signal: AbortSignal,
): Promise<{ readonly chosen: TemplateFigures; readonly others: readonly TemplateFigures[] }> {
  const { manifest, folder, manifestText, calibration } = pack;
  await using host = new EngineHost({
    spawn: spawnEngine,
    pack: { folder, manifestText },
    threads: availableParallelism(),
    onStatus: () => undefined,
  });
  const notReady = await host.ensureReady();
  if (notReady) throw new RunFailed(`${notReady.kind} ${JSON.stringify(notReady.evidence)}`);
  const [rung] = manifest.rungs;
  if (!rung) throw new Error('bug: a parsed manifest has rungs');
  const encode = async (prompt: string): Promise<Float32Array> =>
    seeText(host, { manifest, rung, prompt, seed: 0 }, signal);
  const strangers: Float32Array[] = [];
  for (const caption of captions.slice(0, PROMPT_COUNT)) strangers.push(await encode(caption));
  const distance = sameSceneDistance(strangers);
  if (distance === null) throw new RunFailed('there are too few captions to tell scenes apart');
  const wordings: Wordings[] = [];
  for (const [one, other, neighbour] of await readWordings(folder))
    wordings.push([await encode(one), await encode(other), await encode(neighbour)]);
  if (isKept) {
    if (!calibration) throw new RunFailed('the pack has no calibration yet that it could be written into');
    const templates = { promptCount: strangers.length, sameSceneDistance: distance };
    await writeCalibration(pack, { ...calibration, templates });
  }
  return { chosen: templateFigures(wordings, distance), others: SHOWN.map((one) => templateFigures(wordings, one)) };
}

/** `paraphrases.txt` beside the captions: two wordings of a scene and one of its neighbour a line, parted by tabs. */
async function readWordings(packFolder: string): Promise<readonly (readonly [string, string, string])[]> {
  const path = join(dirname(packFolder), 'captions', 'paraphrases.txt');
  const text = await readFile(path, 'utf8').catch(() => {
    throw new RunFailed(`there are no paraphrases at ${path}: two wordings of a scene and one of its neighbour a line`);
  });
  return text.split('\n').flatMap((line) => {
    const [one, other, neighbour] = line.split('\t');
    return one && other && neighbour ? [[one, other, neighbour] as const] : [];
  });
}
