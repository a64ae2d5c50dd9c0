import { appendFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { TemplateStore } from '../../../main/recovery/template-store.ts';
import { expectOk, spoolFrames, still, stripes } from '../export/clip.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steadyframe-template-'));
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

const space = { project: 'spring ../.. 春', packSha256: 'a'.repeat(64) };
const origin = { runId: 'run-1', packVersion: '0.1.0', seed: 7, rung: 'quick' };
const frames = async () => spoolFrames(folder, { widthPx: 32, heightPx: 18, frameCount: 3 }, stripes);
const fox = Float32Array.of(1, 0, 0);
const sameFox = Float32Array.of(1, 0.1, 0);
const whale = Float32Array.of(0, 1, 0);

async function filesOf(): Promise<readonly string[]> {
  const all = await readdir(join(folder, 'store'), { recursive: true, withFileTypes: true });
  return all.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

describe('a store of templates', () => {
  it('gives back the very frames for words that mean the same, with where they come from', async () => {
    const source = await frames();
    const before = await readFile(source.framesPath);
    const store = new TemplateStore(join(folder, 'store'));
    expectOk(await store.keep(space, fox, source, origin, still));
    // A fresh one reads what the other wrote.
    const again = new TemplateStore(join(folder, 'store'));
    const found = await again.find(space, sameFox);
    expect(found?.template.origin).toEqual(origin);
    expect(found?.distance).toBeLessThan(0.01);
    if (!found) return expect.unreachable();
    const out = expectOk(await again.frames(space, found.template, join(folder, 'out.rgb'), still));
    expect(out).toMatchObject({ widthPx: 32, heightPx: 18, frameCount: 3, fps: 16 });
    expect((await readFile(out.framesPath)).equals(before)).toBe(true);
    expect(await again.find(space, whale)).toBeNull();
    const clip = await again.clip(space, sameFox, join(folder, 'clip.rgb'), still);
    expect(clip).toMatchObject({ frames: { framesPath: join(folder, 'clip.rgb') }, origin });
    expect(await again.clip(space, whale, join(folder, 'none.rgb'), still)).toBeNull();
    return undefined;
  });

  it('shows no project the templates of another, nor those of another pack', async () => {
    const store = new TemplateStore(join(folder, 'store'));
    expectOk(await store.keep(space, fox, await frames(), origin, still));
    expect(await store.find({ ...space, project: 'autumn' }, fox)).toBeNull();
    expect(await store.find({ ...space, packSha256: 'b'.repeat(64) }, fox)).toBeNull();
    expect((await filesOf()).every((path) => path.startsWith(join(folder, 'store')))).toBe(true);
  });

  it.each([
    ['damaged', async (path: string) => appendFile(path, 'x')],
    ['missing', async (path: string) => rm(path)],
  ])('never gives one whose file is %s, and forgets it', async (_, spoil) => {
    const store = new TemplateStore(join(folder, 'store'));
    expectOk(await store.keep(space, sameFox, await frames(), { ...origin, runId: 'older' }, still));
    expectOk(await store.keep(space, fox, await frames(), origin, still));
    const nearest = await store.find(space, fox);
    const file = (await filesOf()).find((path) => path.endsWith(nearest?.template.file ?? '?'));
    await spoil(file ?? '');
    expect((await store.find(space, fox))?.template.origin.runId).toBe('older');
    expect(await readFile((await filesOf()).find((path) => path.endsWith('.json')) ?? '', 'utf8')).not.toContain(
      'run-1',
    );
  });

  it('says whether there is one without writing, and without waiting for a clip that is being kept', async () => {
    // Catches a decision that waits for an encoder, or for the disk.
    const store = new TemplateStore(join(folder, 'store'));
    expectOk(await store.keep(space, fox, await frames(), origin, still));
    const [indexPath = ''] = (await filesOf()).filter((path) => path.endsWith('.json'));
    const before = await stat(indexPath);
    let isKept = false;
    const keeping = store.keep(space, whale, await frames(), origin, still).then(() => (isKept = true));
    expect([await store.has(space, sameFox), await store.has(space, Float32Array.of(0, 0, 1))]).toEqual([true, false]);
    expect([isKept, (await stat(indexPath)).ino]).toEqual([false, before.ino]);
    await keeping;
    expect(await store.has(space, whale)).toBe(true);
  });

  it.each([
    ['damaged', async (path: string) => appendFile(path, 'x')],
    ['missing', async (path: string) => rm(path)],
  ])('no longer says so of one whose file has been %s since', async (_, spoil) => {
    const store = new TemplateStore(join(folder, 'store'));
    expectOk(await store.keep(space, fox, await frames(), origin, still));
    expect(await store.has(space, fox)).toBe(true);
    await spoil((await filesOf()).find((path) => path.endsWith('.mkv')) ?? '');
    expect(await store.has(space, fox)).toBe(false);
  });

  it('is empty where its index can not be read', async () => {
    const store = new TemplateStore(join(folder, 'store'));
    expectOk(await store.keep(space, fox, await frames(), origin, still));
    await writeFile((await filesOf()).find((path) => path.endsWith('.json')) ?? '', '{"version":1,"templ');
    expect(await store.find(space, fox)).toBeNull();
  });

  it('keeps its bounds, also when clips come at once', async () => {
    const store = new TemplateStore(join(folder, 'store'), { count: 2, bytes: 1e9 });
    const source = await frames();
    await Promise.all(
      [fox, whale, Float32Array.of(0, 0, 1)].map(async (pooled) => store.keep(space, pooled, source, origin, still)),
    );
    expect((await filesOf()).filter((path) => path.endsWith('.mkv'))).toHaveLength(2);
  });
});
