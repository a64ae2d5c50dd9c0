import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';

import packageFile from '../../package.json' with { type: 'json' };
import { err, ok, type Result } from '../../app/base/result.ts';
import { issueWords } from '../../app/contract/issue-words.ts';
import { snapshot, type Snapshot, type Surroundings } from '../../app/contract/snapshot.ts';
import { makeFolder } from '../base/make-folder.ts';
import type { EngineHost } from '../host/engine-host.ts';
import type { Pack } from '../pack/pack-store.ts';
import { replaceFile } from './atomic-file.ts';
import { homePaths } from './home.ts';

/** Runs whose snapshots are kept; older ones make room. An attempt has some kilobytes. */
const KEPT_RUNS = 200;

export function surroundingsOf({ manifest, sha256 }: Pack, host: EngineHost): Surroundings {
  return {
    packId: manifest.id,
    packVersion: manifest.version,
    packSha256: sha256,
    provider: host.provider,
    deviceName: host.deviceName,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    platform: `${process.platform} ${process.arch}`,
    runtimeVersion: host.device.runtimeVersion,
    nodeVersion: process.versions.node,
    programVersion: packageFile.version,
  };
}

/** A folder for each run in the home folder, a file in it for each attempt, whole or not at all. */
export class SnapshotStore {
  readonly #home: string;

  constructor(home: string) {
    this.#home = home;
  }

  /** What can't be kept costs a later replay, never the clip. */
  async keep(one: Snapshot): Promise<void> {
    const folder = homePaths(this.#home).snapshots(one.runId);
    try {
      await makeFolder(folder);
      await replaceFile(join(folder, `attempt-${one.attempt}.json`), `${JSON.stringify(one, null, 1)}\n`);
      await this.#makeRoom();
    } catch {
      // No room or no right to write: the run itself lacks nothing.
    }
  }

  /** Snapshots of a run in the order of its attempts; the beginning of its id is enough, if it is the beginning of one. */
  async ofRun(runId: string): Promise<readonly string[]> {
    const runs = (await this.#runs()).filter((name) => name.startsWith(runId.toLowerCase()));
    const files: string[] = [];
    for (const run of runs) {
      const folder = homePaths(this.#home).snapshots(run);
      const names = (await readdir(folder)).filter((name) => /^attempt-\d+\.json$/.test(name));
      files.push(
        ...names.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true })).map((name) => join(folder, name)),
      );
    }
    return files;
  }

  async #runs(): Promise<readonly string[]> {
    const names = await readdir(dirname(homePaths(this.#home).snapshots('run'))).catch(() => []);
    return names.filter((name) => /^[0-9a-f-]{36}$/.test(name));
  }

  async #makeRoom(): Promise<void> {
    const runs = await this.#runs();
    if (runs.length <= KEPT_RUNS) return;
    const aged: { readonly folder: string; readonly atMs: number }[] = [];
    for (const run of runs) {
      const folder = homePaths(this.#home).snapshots(run);
      aged.push({ folder, atMs: (await stat(folder)).mtimeMs });
    }
    for (const { folder } of aged.toSorted((a, b) => a.atMs - b.atMs).slice(0, -KEPT_RUNS))
      await rm(folder, { recursive: true, force: true });
  }
}

export async function readSnapshot(path: string): Promise<Result<Snapshot, string>> {
  try {
    const value = JSON.parse(await readFile(path, 'utf8')) as unknown;
    const parsed = snapshot.safeParse(value);
    return parsed.success ? ok(parsed.data) : err(`it is no snapshot: ${issueWords(parsed.error, value)}`);
  } catch (cause) {
    return err(cause instanceof SyntaxError ? 'it is not complete JSON' : 'it can not be read');
  }
}
