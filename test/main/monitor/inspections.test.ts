import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { FeedEvent } from '../../../app/contract/route.ts';
import { findTool } from '../../../main/export/tools.ts';
import { spawnEngineFrom } from '../../../main/host/node-child.ts';
import { Inspections } from '../../../main/job/inspections.ts';
import { rootFolder } from '../../guard/source.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'steadyframe-dropped-'));
  for (const name of ['ffmpeg', 'ffprobe'] as const)
    process.env[`${name.toUpperCase()}_BIN`] ??= findTool(name, rootFolder)?.path ?? name;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a video that was dropped', () => {
  it('has the flow of every step in its report, as one of the command line has', { timeout: 120_000 }, async () => {
    const path = join(folder, 'pan.mp4');
    const pan = ['-f', 'lavfi', '-i', 'testsrc2=size=320x192:rate=16', '-vf', 'crop=160:96:x=n*3:y=20'];
    execFileSync(process.env['FFMPEG_BIN'] ?? 'ffmpeg', ['-v', 'error', '-y', ...pan, '-frames:v', '8', path]);
    const ended = Promise.withResolvers<Extract<FeedEvent, { kind: 'inspection' }>['state']>();
    const engine = join(rootFolder, 'main', 'engine', 'index.ts');
    await using inspections = new Inspections(
      (event) => {
        if (event.kind === 'inspection' && event.state.phase !== 'running') ended.resolve(event.state);
      },
      { root: rootFolder, spawnEngine: (options) => spawnEngineFrom(engine, options) },
    );
    inspections.start(path);
    const state = await ended.promise;
    if (state.phase !== 'done') throw new Error(JSON.stringify(state));
    const [first, ...steps] = state.report.health.frames;
    expect(first?.flowMagnitudePx).toBeNull();
    expect(steps).toHaveLength(7);
    for (const { flowMagnitudePx, flowEntropyBits, warpErrorRatio } of steps) {
      expect(flowMagnitudePx).toBeGreaterThan(0.5);
      expect(flowEntropyBits).toBeGreaterThanOrEqual(0);
      // What a pan leaves is little, but the picture's edge is new.
      expect(warpErrorRatio).toBeGreaterThan(0);
      expect(warpErrorRatio).toBeLessThan(0.2);
    }
  });
});
