import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { createWorkFolder } from '../../../main/host/work-folder.ts';
import { ownerToken } from '../../../main/store/owner.ts';

const former = process.env['TMPDIR'];
let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steadyframe-work-'));
  process.env['TMPDIR'] = folder;
});
afterEach(async () => {
  if (former === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = former;
  await rm(folder, { recursive: true, force: true });
});

const nameOf = (token: string): string => `steadyframe-engine-${token.replace(':', '-')}-abc123`;

it('clears the folders of dead processes, whatever a crash left in them', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], { stdio: 'ignore' });
  await once(child, 'spawn');
  const theirs = nameOf(ownerToken(child.pid));
  await mkdir(join(folder, theirs));
  await writeFile(join(folder, theirs, 'core'), 'left by a crash');

  const first = basename(await createWorkFolder());
  expect((await readdir(folder)).toSorted()).toEqual([first, theirs].toSorted());

  child.kill('SIGKILL');
  await once(child, 'exit');
  const second = basename(await createWorkFolder());
  expect((await readdir(folder)).toSorted()).toEqual([first, second].toSorted());
});

it('knows a process that got the number of a dead one', async () => {
  const [pid = ''] = ownerToken().split(':');
  await mkdir(join(folder, nameOf(`${pid}:1`)));
  const own = basename(await createWorkFolder());
  expect(await readdir(folder)).toEqual([own]);
});

it('leaves alone what is not its own', async () => {
  const others = [
    'steadyframe-engine-notes',
    'steadyframe-engine-999999999-x-abc123',
    'x-steadyframe-engine-1-1-abc123',
  ];
  for (const name of others) await mkdir(join(folder, name));
  const own = basename(await createWorkFolder());
  expect((await readdir(folder)).toSorted()).toEqual([...others, own].toSorted());
});
