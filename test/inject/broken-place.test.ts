import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { writeOnnx } from '../fixture/onnx.ts';
import { expectRefusal, runCli } from './run-cli.ts';
import { curedFaults, makeTinyProgram, readReport, sha256Of } from './tiny-program.ts';

const red = ['render', '--prompt', 'a red ball', '--seed', '5'];
const mayMount = process.platform === 'linux' && process.getuid?.() === 0;

/** A disk of its own with so little room; null where this user may not make one. */
async function smallDisk(folder: string, size: string): Promise<Disposable | null> {
  if (!mayMount) return null;
  await mkdir(folder, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return null;
  }
  return { [Symbol.dispose]: () => void execFileSync('umount', ['-l', folder]) };
}

describe('a full disk', () => {
  it('below the clip ends with 3 and leaves no half file', async () => {
    await using program = await makeTinyProgram();
    using disk = await smallDisk(program.at('disk'), '16k');
    // Without a disk of its own: the kernel's device that is always full refuses in the same way.
    const out = disk ? program.at('disk', 'a.mp4') : '/dev/full/a.mp4';
    expectRefusal(await runCli([...red, '--out', out], program.env), 3, disk ? 'full' : out);
    if (disk) expect(await readdir(program.at('disk'))).toEqual([]);
  });

  it.each(['8k', '128k', '160k', '384k', '700k', '1m,ro'])(
    'of %s below the home costs what is remembered, never the clip',
    async (size) => {
      // Catches a history that can't be written and takes the program along, or leaves it waiting for ever.
      await using program = await makeTinyProgram();
      using disk = await smallDisk(program.at('home'), size);
      const end = await runCli([...red, '--out', program.at('out', 'a.mp4')], program.env);
      expect(end).toMatchObject({ code: 0, stderr: '' });
      expect(await readdir(program.at('out'))).toEqual(['a.mp4']);
      if (disk) expect(end.stdout).toMatch(/notice .*STEADYFRAME_HOME|warning .*disk-full/);
    },
  );
});

describe('a damaged pack', () => {
  it.each<[string, (path: string) => Promise<void>]>([
    ['with changed bytes', async (path) => flipByte(path)],
    ['cut off', async (path) => truncate(path, 100)],
  ])('is named, and no hand stays empty: a graph %s', async (_, damage) => {
    await using program = await makeTinyProgram();
    await damage(join(program.packFolder, 'low.onnx'));
    const report = program.at('r.json');
    const end = await runCli([...red, '--out', program.at('a.mp4'), '--report', report], program.env);
    expect(end).toMatchObject({ code: 0, stderr: '' });
    expect(end.stdout).toMatch(/pack tiny is damaged: low\.onnx/);
    const { attempts, decisions, delivered } = await readReport(report);
    expect(attempts.map(({ faults, stepsRun }) => [faults[0]?.kind, stepsRun])).toEqual([['pack-corrupt', 0]]);
    expect(decisions.map(({ branch }) => branch)).toEqual(['pack-damaged/fallback-clip']);
    expect(delivered).toMatchObject({ grade: 'fallback', sha256: await sha256Of(program.at('a.mp4')) });
  });

  it.each<[string, (path: string) => Promise<void>]>([
    ['cut off', async (path) => truncate(path, 500)],
    ['gone', async (path) => truncate(path, 0)],
  ])('is named, and no hand stays empty: a manifest that is %s', async (_, damage) => {
    await using program = await makeTinyProgram();
    await damage(join(program.packFolder, 'pack.json'));
    const report = program.at('r.json');
    const args = [...red, '--out', program.at('a.mp4'), '--report', report];
    for (const more of [[], ['--pack', 'tiny', '--rung', 'quick', '--frames', '9']]) {
      const end = await runCli([...args, ...more], program.env);
      expect(end).toMatchObject({ code: 0, stderr: '' });
      expect(end.stdout).toMatch(/notice {3}pack tiny is damaged: .*pack\.json/);
      const { attempts, decisions, delivered } = await readReport(report);
      expect(attempts.map(({ faults, stepsRun }) => [faults[0]?.kind, stepsRun])).toEqual([['pack-corrupt', 0]]);
      expect(decisions.map(({ branch }) => branch)).toEqual(['pack-damaged/fallback-clip']);
      expect(delivered).toMatchObject({ grade: 'fallback', sha256: await sha256Of(program.at('a.mp4')) });
    }
    // What was not there at all is a wrong request, whatever became of the others.
    expectRefusal(await runCli([...args, '--pack', 'other'], program.env), 2, 'pack', 'legal: tiny');
  });

  it('is not missed where there is none at all: the stand-in comes all the same', async () => {
    await using program = await makeTinyProgram();
    await rm(program.packFolder, { recursive: true });
    const report = program.at('r.json');
    const end = await runCli([...red, '--out', program.at('a.mp4'), '--report', report], program.env);
    expect(end).toMatchObject({ code: 0, stderr: '' });
    expect(end.stdout).toContain('there is no pack to render with');
    expect((await readReport(report)).delivered).toMatchObject({ grade: 'fallback' });
  });

  it.each<[string, Buffer, string]>([
    ['is no graph', Buffer.from('not a graph'), 'pack-corrupt'],
    [
      'is another graph',
      writeOnnx({
        inputs: [{ name: 'x', shape: [1] }],
        outputs: [{ name: 'y', shape: [1] }],
        nodes: [{ op: 'Identity', inputs: ['x'], output: 'y' }],
      }),
      'pack-misconfigured',
    ],
  ])('whose hashes agree still ends in a clip, where its expert %s', async (_, graph, fault) => {
    // Hashes only say that a file is the one that was packed, not that it works.
    await using program = await makeTinyProgram();
    await replaceGraph(program.packFolder, 'low.onnx', graph);
    const report = program.at('r.json');
    const end = await runCli([...red, '--out', program.at('a.mp4'), '--report', report], program.env);
    expect(end).toMatchObject({ code: 0, stderr: '' });
    const { attempts, delivered } = await readReport(report);
    expect(attempts.flatMap(curedFaults)).toEqual([fault]);
    expect(delivered.grade).toBe('fallback');
  });
});

async function flipByte(path: string): Promise<void> {
  const data = await readFile(path);
  data[50] = (data[50] ?? 0) ^ 0xff;
  await writeFile(path, data);
}

/** Put another graph in the pack, with the hash that goes with it. */
async function replaceGraph(folder: string, file: string, graph: Buffer): Promise<void> {
  const path = join(folder, 'pack.json');
  const entryOf = (data: Buffer): string => {
    const sha256 = createHash('sha256').update(data).digest('hex');
    return `"${file}":${JSON.stringify({ sha256, bytes: data.length })}`;
  };
  const [text, former] = [await readFile(path, 'utf8'), entryOf(await readFile(join(folder, file)))];
  expect(text).toContain(former);
  await writeFile(join(folder, file), graph);
  await writeFile(path, text.replace(former, entryOf(graph)));
}
