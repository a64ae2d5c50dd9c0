import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, it } from 'vitest';

import type { GradeName } from '../../../app/contract/name.ts';
import type { FaultReport, RunReport } from '../../../app/contract/report.ts';
import { faultOf } from '../../../app/monitor/fault.ts';
import { TemplateShelf } from '../../../main/recovery/template-shelf.ts';
import { TemplateStore } from '../../../main/recovery/template-store.ts';
import { sampleRequest } from '../../app/sample-pack.ts';
import { sampleAttempt, sampleReport } from '../../fixture/report.ts';
import { spoolFrames, still, stripes } from '../export/clip.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steadyframe-shelf-'));
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

const shelfOf = (): TemplateShelf =>
  new TemplateShelf(new TemplateStore(join(folder, 'store')), (id) =>
    id === 'sample' ? { sha256: 'a'.repeat(64) } : null,
  );
const fox = { ...sampleRequest, prompt: 'a fox' };
const sameFox = { ...sampleRequest, prompt: 'one fox' };

const reportOf = (grade: GradeName, faults: readonly FaultReport[] = []): RunReport => ({
  ...sampleReport(grade, [sampleAttempt({ faults })]),
  runId: 'run-1',
});

it('gives a request a clip of a request that means the same', async () => {
  const shelf = shelfOf();
  const frames = await spoolFrames(folder, { widthPx: 32, heightPx: 18, frameCount: 3 }, stripes);
  const before = await readFile(frames.framesPath);
  shelf.note(fox, Float32Array.of(1, 0, 0));
  shelf.note(sameFox, Float32Array.of(1, 0.1, 0));
  expect(await shelf.find(sameFox, join(folder, 'out.rgb'), still)).toBeNull();
  expect(await shelf.keep(fox, reportOf('full'), frames, still)).toBe(true);
  const clip = await shelf.find(sameFox, join(folder, 'out.rgb'), still);
  expect(clip?.origin.runId).toBe('run-1');
  expect((await readFile(join(folder, 'out.rgb'))).equals(before)).toBe(true);
});

it('gives no project a clip of another one', async () => {
  const shelf = shelfOf();
  const elsewhere = { ...fox, projectId: 'elsewhere' };
  const frames = await spoolFrames(folder, { widthPx: 32, heightPx: 18, frameCount: 3 }, stripes);
  for (const request of [fox, elsewhere]) shelf.note(request, Float32Array.of(1, 0, 0));
  expect(await shelf.keep(fox, reportOf('full'), frames, still)).toBe(true);
  expect([await shelf.has(fox), await shelf.has(elsewhere)]).toEqual([true, false]);
});

it.each([
  ['of another grade', reportOf('repaired')],
  ['that a monitor warned of', reportOf('full', [faultOf('frames-flicker', 'monitor', {}, { severity: 'warning' })])],
])('keeps no clip %s', async (_, report) => {
  const shelf = shelfOf();
  shelf.note(fox, Float32Array.of(1, 0, 0));
  const frames = await spoolFrames(folder, { widthPx: 32, heightPx: 18, frameCount: 3 }, stripes);
  expect(await shelf.keep(fox, report, frames, still)).toBe(false);
  expect(await shelf.find(fox, join(folder, 'out.rgb'), still)).toBeNull();
});

it('keeps a clip whose encoder had to be helped: it was verified afterwards', async () => {
  const shelf = shelfOf();
  shelf.note(fox, Float32Array.of(1, 0, 0));
  const frames = await spoolFrames(folder, { widthPx: 32, heightPx: 18, frameCount: 3 }, stripes);
  const helped = (severity: FaultReport['severity']) =>
    reportOf('full', [faultOf('encoder-failed', 'export', {}, { severity })]);
  expect(await shelf.keep(fox, helped('fault'), frames, still)).toBe(false);
  expect(await shelf.keep(fox, helped('warning'), frames, still)).toBe(true);
});

it('knows nothing of words that no engine has read, nor of packs that are not there', async () => {
  const shelf = shelfOf();
  shelf.note(sameFox, Float32Array.of(Number.NaN, 0, 0));
  const frames = await spoolFrames(folder, { widthPx: 32, heightPx: 18, frameCount: 3 }, stripes);
  expect(await shelf.keep(sameFox, reportOf('full'), frames, still)).toBe(false);
  const gone = { ...fox, packId: 'gone' };
  shelf.note(gone, Float32Array.of(1, 0, 0));
  expect(await shelf.keep(gone, reportOf('full'), frames, still)).toBe(false);
});
