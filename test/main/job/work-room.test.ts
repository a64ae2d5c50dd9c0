import { execFileSync } from 'node:child_process';
import { access, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { FrameSpool } from '../../../main/job/frame-spool.ts';
import { clearWork, refusalBy, WorkRoom } from '../../../main/job/work-room.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steadyframe-room-'));
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

const refusal = (code: string): Error => Object.assign(new Error(`${code}: refused`), { code });

describe('the work room', () => {
  it('begins in the first place that can be had', async () => {
    await writeFile(join(folder, 'file'), '');
    const room = new WorkRoom([join(folder, 'file', 'job'), join(folder, 'second')]);
    await room.open();
    expect(room.folder).toBe(join(folder, 'second'));
    expect(room.takeRefusals()).toMatchObject([{ kind: 'output-unwritable', severity: 'warning' }]);
    expect(room.takeRefusals()).toEqual([]);
  });

  it('names a full disk by its name, and ends where no place is left', async () => {
    const room = new WorkRoom([join(folder, 'one'), join(folder, 'two')]);
    await room.open();
    expect(await room.moveOn(refusalBy(refusal('ENOSPC')))).toBe(true);
    expect(await room.moveOn(refusalBy(refusal('ENOSPC')))).toBe(false);
    expect(room.takeRefusals()).toMatchObject([
      { kind: 'disk-full', evidence: { place: join(folder, 'one'), wentOnIn: join(folder, 'two') } },
    ]);
  });

  it('refuses where there is no place at all', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(new WorkRoom([join(folder, 'file', 'a'), join(folder, 'file', 'b')]).open()).rejects.toThrow(
      'ENOTDIR',
    );
  });
});

describe('frames under way', () => {
  const size = { widthPx: 64, heightPx: 32 };
  const frameOf = (level: number): Uint8Array => new Uint8Array(64 * 32 * 3).fill(level);

  /** Eight frames, of which a disk of 16 KiB takes two and a part of the third. */
  async function fill(first: string): Promise<Buffer> {
    const room = new WorkRoom([first, join(folder, 'roomy')]);
    const path = (): string => room.pathOf('frames.rgb');
    await room.open();
    await using spool = await FrameSpool.create(path(), size, {
      elsewhere: async (cause) => ((await room.moveOn(refusalBy(cause))) ? path() : null),
    });
    for (let level = 0; level < 8; level += 1) spool.append(frameOf(level));
    await spool.finish();
    expect(spool.path).toBe(path());
    expect(room.takeRefusals()).toMatchObject([{ kind: 'disk-full', severity: 'warning' }]);
    return readFile(spool.path);
  }

  it.skipIf(process.platform !== 'linux' || process.getuid?.() !== 0)(
    'move to another disk when theirs is full, and none of them is lost or doubled',
    async () => {
      const small = join(folder, 'small');
      await mkdir(small);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', small]);
      try {
        expect(await fill(small)).toEqual(Buffer.concat(Array.from({ length: 8 }, (_, level) => frameOf(level))));
        expect(await readdir(small)).toEqual([]);
      } finally {
        execFileSync('umount', ['-l', small]);
      }
    },
  );

  it('are cleared away from every place', async () => {
    const places = [join(folder, 'a'), join(folder, 'b')];
    for (const place of places) await mkdir(place);
    await clearWork(places);
    await Promise.all(places.map(async (place) => expect(access(place)).rejects.toThrow('ENOENT')));
  });
});
