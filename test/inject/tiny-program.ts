import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { FaultKind } from '../../app/contract/name.ts';
import { runReport, type AttemptReport, type RunReport } from '../../app/contract/report.ts';
import { needsCure } from '../../app/monitor/fault.ts';
import { writeTinyPack } from '../fixture/tiny-pack.ts';

/** A program folder with the tiny pack in it, a home, and a place for what is rendered. */
export async function makeTinyProgram(options: { readonly slowness?: number } = {}) {
  const base = await mkdtemp(join(tmpdir(), 'steadyframe-inject-'));
  const root = join(base, 'program');
  const packFolder = join(root, 'models', 'tiny', 'pack');
  await writeTinyPack(packFolder, options);
  return {
    base,
    packFolder,
    env: { STEADYFRAME_ROOT: root, STEADYFRAME_HOME: join(base, 'home') },
    at: (...parts: readonly string[]) => join(base, ...parts),
    [Symbol.asyncDispose]: async () => rm(base, { recursive: true, force: true }),
  };
}

export async function readReport(path: string): Promise<RunReport> {
  return runReport.parse(JSON.parse(await readFile(path, 'utf8')));
}

export const sha256Of = async (path: string): Promise<string> =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex');

/** One hash over all frames in a folder, names included. */
export async function hashFrames(folder: string): Promise<string> {
  const hash = createHash('sha256');
  for (const name of (await readdir(folder)).toSorted()) hash.update(name).update(await readFile(join(folder, name)));
  return hash.digest('hex');
}

/** What called for a cure; a slow machine may add its warnings. */
export const curedFaults = ({ faults }: AttemptReport): readonly FaultKind[] =>
  faults.filter(needsCure).map(({ kind }) => kind);
