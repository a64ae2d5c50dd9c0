import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { parseCalibration } from '../../../app/contract/calibration.ts';
import type { FaultReport } from '../../../app/contract/report.ts';
import type { Rung } from '../../../app/contract/pack.ts';
import { spoilFrames, type FrameSpoiler } from '../../../app/engine/spoil.ts';
import { needsCure } from '../../../app/monitor/fault.ts';
import { bandsOf } from '../../../app/monitor/frame-bands.ts';
import { measureFrames } from '../../../app/monitor/frame.ts';
import { judgeFrames } from '../../../app/monitor/judge-frames.ts';
import { badFrames, gapsOf } from '../../../app/recovery/frame-range.ts';
import { badSeams, isDrawable } from '../../../app/recovery/frame-repair.ts';
import { mendFrames } from '../../../main/recovery/mend-frames.ts';
import { rootFolder } from '../../guard/source.ts';
import { openEmbeddedPack, psnrDb, quickPlan, render } from '../engine/rendered.ts';

/** What the injector does to frames, put in at every frame of both rungs of the embedded pack, judged and mended without a render for each. */

const { pack, graphs } = await openEmbeddedPack();
const calibration = parseCalibration(
  await readFile(join(rootFolder, 'models', 'wan-mini', 'pack', 'calibration.json'), 'utf8'),
);
const bands = bandsOf(calibration.ok ? calibration.value.frames : null);
const prompts = ['a tiger walks to the left in a park', '沙滩上的蝴蝶往上飞'];

/** A slip that changes the picture by less can hardly be seen: the ground beside it is of one colour. */
const VISIBLE_DB = 25;
/** Of a drawn frame against what it was before it was torn. */
const MENDED_DB = 22;
/** Share of visible tears that the monitor does not see, or sees in a frame beside the torn one, or that are drawn less like the truth. */
const MOST_MISSED = 0.15;

interface Clip {
  readonly frames: readonly Uint8Array[];
  readonly prompt: string;
}

let folder = '';
const clips = new Map<string, readonly Clip[]>();
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steadyframe-sweep-'));
  for (const { name, frameCount, steps } of pack.rungs) {
    const made: Clip[] = [];
    for (const prompt of prompts) {
      const { frames } = await render(graphs, quickPlan(pack, { seed: 7, prompt, frameCount, steps }));
      made.push({ frames, prompt });
    }
    clips.set(name, made);
  }
}, 60_000);
afterAll(async () => rm(folder, { recursive: true, force: true }));

function judge(frames: readonly Uint8Array[], { widthPx, heightPx }: Rung, prompt: string): readonly FaultReport[] {
  return judgeFrames(measureFrames(frames, widthPx), { fps: pack.fps, prompt, widthPx, heightPx }, bands);
}

interface Spoiled {
  readonly frames: readonly Uint8Array[];
  readonly faults: readonly FaultReport[];
  /** Frames that are not what they were. */
  readonly changed: readonly number[];
  readonly damageDb: number;
}

function spoiled(rung: Rung, { frames, prompt }: Clip, kind: FrameSpoiler, frame: number, frameCount: number): Spoiled {
  const bad = spoilFrames(frames, rung.widthPx, { kind, frame, frameCount, strength: 1, seed: 0 });
  const changed = bad.flatMap((rgb, i) => (rgb === frames[i] ? [] : [i]));
  const damage = changed.map((i) => psnrDb(bad[i] ?? new Uint8Array(), frames[i] ?? new Uint8Array()));
  return { frames: bad, faults: judge(bad, rung, prompt).filter(needsCure), changed, damageDb: Math.min(...damage) };
}

const clipsOf = (rung: Rung): readonly Clip[] => clips.get(rung.name) ?? [];
const named = (faults: readonly FaultReport[], count: number): readonly number[] =>
  badFrames(faults, count).flatMap(({ firstFrame, frameCount }) =>
    Array.from({ length: frameCount }, (_, i) => firstFrame + i),
  );

describe.each(pack.rungs)('at every frame of rung $name', (rung) => {
  it('the clips themselves are sound', () => {
    for (const { frames, prompt } of clipsOf(rung)) expect(judge(frames, rung, prompt).filter(needsCure)).toEqual([]);
  });

  it.each([
    ['black', 2, 1],
    ['noise', 2, 1],
    // Two frames that stand still at the very end are no freeze yet.
    ['frozen', 4, 3],
  ] as const)('%s frames are seen, all of them named', (kind, frameCount, fewest) => {
    for (const clip of clipsOf(rung))
      for (let frame = 0; frame < rung.frameCount; frame += 1) {
        const { faults, changed } = spoiled(rung, clip, kind, frame, frameCount);
        if (changed.length < fewest) continue;
        expect(named(faults, rung.frameCount), `${kind} at ${frame}`).toEqual(expect.arrayContaining([...changed]));
      }
  });

  it('a tear that is seen is drawn away, or is seen again', { timeout: 90_000 }, async () => {
    const { widthPx, heightPx, frameCount } = rung;
    let visible = 0;
    let mendedCount = 0;
    const missed: number[] = [];
    for (const clip of clipsOf(rung))
      for (let frame = 0; frame < frameCount; frame += 1) {
        const torn = spoiled(rung, clip, 'torn', frame, 1);
        if (torn.damageDb < VISIBLE_DB) visible += 1;
        const bad = badFrames(torn.faults, frameCount);
        if (bad.length === 0 && torn.damageDb < VISIBLE_DB) missed.push(frame);
        // What can't be drawn goes to other cures: a window of latents, another seed.
        if (bad.length === 0 || !gapsOf(bad, frameCount).every(isDrawable)) continue;
        const source = { framesPath: join(folder, 'torn.rgb'), widthPx, heightPx, frameCount, fps: pack.fps };
        await writeFile(source.framesPath, Buffer.concat(torn.frames));
        const outPath = join(folder, 'mended.rgb');
        expect((await mendFrames(source, bad, outPath, new AbortController().signal)).ok).toBe(true);
        const bytes = await readFile(outPath);
        const size = widthPx * heightPx * 3;
        const frames = clip.frames.map((_, i) => bytes.subarray(i * size, (i + 1) * size));
        const steps = measureFrames(frames, widthPx).map(({ step }) => step);
        if (judge(frames, rung, clip.prompt).some(needsCure) || badSeams(steps, bad).length > 0) continue;
        mendedCount += 1;
        const isWhole = frames.every((rgb, i) => psnrDb(rgb, clip.frames[i] ?? rgb) > MENDED_DB);
        if (!isWhole && torn.damageDb < VISIBLE_DB) missed.push(frame);
      }
    expect(visible).toBeGreaterThan(frameCount);
    expect(missed.length / visible, `missed at ${missed.join(', ')}`).toBeLessThan(MOST_MISSED);
    expect(mendedCount / visible).toBeGreaterThan(0.6);
  });
});
