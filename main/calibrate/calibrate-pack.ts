import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';

import { z } from 'zod';

import { err, ok, type Result } from '../../app/base/result.ts';
import type { Calibration, RungCalibration } from '../../app/contract/calibration.ts';
import type { Rung } from '../../app/contract/pack.ts';
import { fitDistribution } from '../../app/monitor/distribution.ts';
import { FEWEST_RUNS, fitStepBands } from '../../app/monitor/fit-step-bands.ts';
import { sameSceneDistance } from '../../app/recovery/template.ts';
import { judgeRun } from '../../app/monitor/step-judge.ts';
import type { SpawnEngine } from '../host/engine-child.ts';
import { EngineHost } from '../host/engine-host.ts';
import type { Pack } from '../pack/pack-store.ts';
import { fitFrameBands, type MeasuredClip } from '../../app/monitor/fit-frame-bands.ts';
import { measureFrames } from '../../app/monitor/frame.ts';
import type { FlowMeter } from '../monitor/flow-meter.ts';
import { flowOfClip, flowOrder } from '../monitor/flow-order.ts';
import { replaceFile } from '../store/atomic-file.ts';
import { RunFailed, seeRun, seeText, type SeenRun } from './healthy-runs.ts';

export const CALIBRATION_FILE = 'calibration.json';

export interface CalibrationOrder {
  readonly pack: Pack;
  /** Healthy runs for each rung; half of them again are rendered afterwards to be judged. */
  readonly runCount: number;
  /** Captions that the pack was trained on, and such that it was not. */
  readonly captions: Captions;
  readonly spawnEngine: SpawnEngine;
  /** Null where there is no flow model: the flow of healthy clips is then left out. */
  readonly flow: FlowMeter | null;
  readonly onProgress: (line: string) => void;
}

export interface Captions {
  readonly train: readonly string[];
  readonly heldOut: readonly string[];
}

/** What the bands are worth: judged on runs that they were not fitted to. */
export interface CalibrationCheck {
  readonly runCount: number;
  /** Runs in which a monitor of the steps said something. */
  readonly alarmCount: number;
}

/** Beside the pack, as its training leaves them: one caption a line. */
export async function readCaptions(packFolder: string): Promise<Result<Captions, string>> {
  const folder = join(dirname(packFolder), 'captions');
  try {
    const read = async (name: string): Promise<readonly string[]> =>
      (await readFile(join(folder, name), 'utf8'))
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== '');
    const [train, heldOut] = [await read('train.txt'), await read('held-out.txt')];
    if (train.length === 0 || heldOut.length === 0) return err(`${folder} holds no captions`);
    return ok({ train, heldOut });
  } catch {
    return err(`there are no captions in ${folder}: train.txt and held-out.txt, one a line`);
  }
}

/** So many embeddings of each kind are enough for a covariance of some hundred dimensions; more only take time. */
const LARGEST_TEXT_COUNT = { train: 2_000, heldOut: 1_000 };
/** Fewer say too little about a distribution: the section is then left out. */
const SMALLEST_TEXT_COUNT = 200;

/**
 * Render healthy runs of every rung and learn from them what is usual; the pack's files are written only when all of it is done.
 *
 * @throws RunFailed  where the pack does not render
 */
export async function calibratePack(order: CalibrationOrder, signal: AbortSignal): Promise<CalibrationCheck> {
  const { pack, runCount, captions, onProgress } = order;
  if (runCount < FEWEST_RUNS) throw new RangeError(`bug: fewer than ${FEWEST_RUNS} runs were let through`);
  await using host = new EngineHost({
    spawn: order.spawnEngine,
    pack: { folder: pack.folder, manifestText: pack.manifestText },
    threads: availableParallelism(),
    onStatus: () => undefined,
  });
  const notReady = await host.ensureReady();
  if (notReady) throw new RunFailed(`${notReady.kind} ${JSON.stringify(notReady.evidence)}`);
  const { text, templates } = await fitText(host, order, signal);
  const rungs: RungCalibration[] = [];
  const clips: MeasuredClip[] = [];
  const check = { runCount: 0, alarmCount: 0 };
  for (const rung of pack.manifest.rungs) {
    const { calibrated, alarms, clips: seen } = await fitRung(host, order, rung, signal);
    rungs.push(calibrated);
    clips.push(...seen);
    check.runCount += alarms.length;
    check.alarmCount += alarms.filter(Boolean).length;
    onProgress(
      `rung ${rung.name}: ${runCount} runs, ${alarms.filter(Boolean).length} of ${alarms.length} fresh ones outside of the bands`,
    );
  }
  await writeCalibration(pack, { version: 1, text, rungs, frames: fitFrameBands(clips), templates });
  if (text)
    onProgress(
      `text: ${text.trainCount} and ${text.heldOutCount} of ${captions.train.length + captions.heldOut.length} captions`,
    );
  return check;
}

async function fitText(
  host: EngineHost,
  { pack: { manifest }, captions }: CalibrationOrder,
  signal: AbortSignal,
): Promise<Pick<Calibration, 'text' | 'templates'>> {
  const [rung] = manifest.rungs;
  if (!rung) throw new Error('bug: a parsed manifest has rungs');
  const encode = async (texts: readonly string[], limit: number): Promise<readonly Float32Array[]> => {
    const pooled: Float32Array[] = [];
    for (const prompt of spread(texts, limit))
      pooled.push(await seeText(host, { manifest, rung, prompt, seed: 0 }, signal));
    return pooled;
  };
  if (captions.train.length < SMALLEST_TEXT_COUNT || captions.heldOut.length < SMALLEST_TEXT_COUNT)
    return { text: null, templates: null };
  const train = await encode(captions.train, LARGEST_TEXT_COUNT.train);
  const heldOut = await encode(captions.heldOut, LARGEST_TEXT_COUNT.heldOut);
  const distance = sameSceneDistance(heldOut);
  return {
    text: fitDistribution(train, heldOut),
    templates: distance === null ? null : { promptCount: heldOut.length, sameSceneDistance: distance },
  };
}

async function fitRung(
  host: EngineHost,
  { pack: { manifest }, runCount, captions, flow, onProgress }: CalibrationOrder,
  rung: Rung,
  signal: AbortSignal,
): Promise<{
  readonly calibrated: RungCalibration;
  readonly alarms: readonly boolean[];
  readonly clips: readonly MeasuredClip[];
}> {
  const see = async (texts: readonly string[], count: number, firstSeed: number): Promise<readonly SeenRun[]> => {
    const runs: SeenRun[] = [];
    for (const [i, prompt] of spread(texts, count).entries()) {
      runs.push(await seeRun(host, { manifest, rung, prompt, seed: firstSeed + i }, signal));
      if ((i + 1) % 10 === 0) onProgress(`rung ${rung.name}: run ${i + 1} of ${count}`);
    }
    return runs;
  };
  const runs = await see(captions.train, runCount, 1);
  const seconds = runs.map(({ tookSeconds }) => tookSeconds).toSorted((a, b) => a - b);
  const calibrated: RungCalibration = {
    rung: rung.name,
    ...fitStepBands(runs),
    costs: {
      [host.provider]: {
        seconds: Number((seconds[Math.floor(seconds.length / 2)] ?? 0).toPrecision(3)),
        peakBytes: host.memory.peakBytes ?? rung.expectedBytes,
      },
    },
  };
  const fresh = await see(captions.heldOut, Math.ceil(runCount / 2), 1_000_001);
  // At the size that the flow of a run of this rung is measured at.
  const order = flowOrder(flow, rung);
  const clips: MeasuredClip[] = [];
  for (const { frames } of runs)
    clips.push({
      frames: measureFrames(frames, rung.widthPx),
      flow: order ? await flowOfClip(order, frames, rung) : [],
    });
  return { calibrated, alarms: fresh.map((run) => judgeRun(calibrated, run.tokens, run.steps).length > 0), clips };
}

/** Evenly out of the whole list, so that every kind of caption has its share. */
function spread(texts: readonly string[], count: number): readonly string[] {
  const wanted = Math.min(count, texts.length);
  return Array.from({ length: wanted }, (_, i) => texts[Math.floor((i * texts.length) / wanted)] ?? '');
}

/** The calibration first, then the manifest that names its hash: a cut between the two leaves a pack that is refused, not a wrong one. */
export async function writeCalibration(pack: Pack, calibration: Calibration): Promise<void> {
  const data = Buffer.from(`${JSON.stringify(calibration)}\n`);
  await replaceFile(join(pack.folder, CALIBRATION_FILE), data);
  const entry = { sha256: createHash('sha256').update(data).digest('hex'), bytes: data.length };
  // As it was written, with nothing moved but what is new.
  const manifest = {
    ...z.record(z.string(), z.unknown()).parse(JSON.parse(pack.manifestText)),
    calibration: CALIBRATION_FILE,
    files: { ...pack.manifest.files, [CALIBRATION_FILE]: entry },
  };
  await replaceFile(join(pack.folder, 'pack.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}
