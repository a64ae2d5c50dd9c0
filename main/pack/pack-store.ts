import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { cp, lstat, readdir, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import { err, ok, type Result } from '../../app/base/result.ts';
import { parseCalibration, type Calibration } from '../../app/contract/calibration.ts';
import type { PackDamage } from '../../app/contract/pack-damage.ts';
import { parsePackManifest, type PackManifest } from '../../app/contract/pack.ts';
import { makeFolder } from '../base/make-folder.ts';

export interface Pack {
  readonly folder: string;
  readonly manifest: PackManifest;
  readonly manifestText: string;
  /** What its healthy runs look like; null for a pack that was never calibrated. */
  readonly calibration: Calibration | null;
  /** Of pack.json, which holds the hash of every other file: one hash stands for the whole pack. */
  readonly sha256: string;
  readonly isEmbedded: boolean;
}

/** A pack that can't be used, and why: one line for the user. */
export interface PackFault {
  readonly kind: 'pack-missing' | 'pack-corrupt';
  readonly id: string;
  readonly detail: string;
  /** The same as data, where the pack's own files are what is wrong. */
  readonly damage?: PackDamage;
}

const MANIFEST_LIMIT_BYTES = 16 * 1024 * 1024;

/** Packs under the program's own models folder and under the user's home, in this order. */
export class PackStore {
  readonly #root: string;
  readonly #home: string;

  constructor(options: { readonly root: string; readonly home: string }) {
    this.#root = options.root;
    this.#home = options.home;
  }

  get #addedFolder(): string {
    return join(this.#home, 'packs');
  }

  /** Every pack that is there, sound or not; manifests are parsed, files are not hashed yet. */
  async list(): Promise<readonly { readonly id: string; readonly pack: Result<Pack, PackFault> }[]> {
    const embedded = (await folderNames(join(this.#root, 'models'))).map((id) => ({
      id,
      folder: join(this.#root, 'models', id, 'pack'),
      isEmbedded: true,
    }));
    const added = (await folderNames(this.#addedFolder)).map((id) => ({
      id,
      folder: join(this.#addedFolder, id),
      isEmbedded: false,
    }));
    const found = [];
    for (const place of [...embedded, ...added]) {
      const isPack = await stat(place.folder).then(
        (entry) => entry.isDirectory(),
        () => false,
      );
      if (isPack && !(await isFlowPack(place.folder)))
        found.push({ id: place.id, pack: await readPack(place.folder, place.id, place.isEmbedded) });
    }
    return found;
  }

  /** Check a folder whole, then copy it in beside the others; a failed copy leaves nothing behind. */
  async add(folder: string): Promise<Result<Pack, PackFault>> {
    const source = await readPack(folder, folder, false);
    if (!source.ok) return source;
    const fault = await verifyPack(source.value);
    if (fault) return err(fault);
    const { id } = source.value.manifest;
    const target = join(this.#addedFolder, id);
    const partial = join(this.#addedFolder, `.${id}.part`);
    await makeFolder(this.#addedFolder);
    await rm(partial, { recursive: true, force: true });
    try {
      for (const file of ['pack.json', ...Object.keys(source.value.manifest.files)])
        await cp(join(folder, file), join(partial, file));
    } catch (cause) {
      await rm(partial, { recursive: true, force: true });
      throw cause;
    }
    await rm(target, { recursive: true, force: true });
    await rename(partial, target);
    return readPack(target, id, false);
  }

  /** Remove an added pack; the embedded ones stay. */
  async remove(id: string): Promise<Result<null, PackFault>> {
    const target = join(this.#addedFolder, id);
    if (
      !/^[a-z0-9][a-z0-9-]*$/.test(id) ||
      !(await stat(target).then(
        () => true,
        () => false,
      ))
    )
      return err({ kind: 'pack-missing', id, detail: 'it was not added by "packs add"' });
    await rm(target, { recursive: true });
    return ok(null);
  }
}

/** A pack by its folder, wherever it lies; its files are not hashed yet. */
export const openPack = async (folder: string): Promise<Result<Pack, PackFault>> => readPack(folder, folder, false);

async function folderNames(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .sort();
}

const otherFormat = z.object({ format: z.literal('steadyframe-flow') });

/** The flow model lies beside the packs and is none: nobody can choose it, and nothing is wrong with it. */
async function isFlowPack(folder: string): Promise<boolean> {
  const path = join(folder, 'pack.json');
  try {
    if ((await stat(path)).size > MANIFEST_LIMIT_BYTES) return false;
    return otherFormat.safeParse(JSON.parse(await readFile(path, 'utf8'))).success;
  } catch {
    return false;
  }
}

async function readPack(folder: string, id: string, isEmbedded: boolean): Promise<Result<Pack, PackFault>> {
  const path = join(folder, 'pack.json');
  const size = await stat(path).then(
    (entry) => entry.size,
    () => null,
  );
  if (size === null) {
    const damage = damageOf('manifest-missing', 'pack.json');
    return err({ kind: 'pack-missing', id, detail: `there is no pack.json in ${folder}`, damage });
  }
  if (size > MANIFEST_LIMIT_BYTES) return err({ kind: 'pack-corrupt', id, detail: `pack.json has ${size} bytes` });
  const manifestText = await readFile(path, 'utf8');
  const manifest = parsePackManifest(manifestText);
  if (!manifest.ok) {
    const damage = damageOf('manifest-illegal', 'pack.json');
    return err({ kind: 'pack-corrupt', id, detail: manifest.error, damage });
  }
  const calibration = await readCalibration(folder, manifest.value);
  if (!calibration.ok) return err({ kind: 'pack-corrupt', id, detail: calibration.error });
  const sha256 = createHash('sha256').update(manifestText).digest('hex');
  return ok({ folder, manifest: manifest.value, manifestText, calibration: calibration.value, sha256, isEmbedded });
}

/** Judged by before it is hashed: what it says is held to the schema, so a spoiled file can do no worse than be refused. */
async function readCalibration(
  folder: string,
  { calibration }: PackManifest,
): Promise<Result<Calibration | null, string>> {
  if (calibration === null) return ok(null);
  const path = join(folder, calibration);
  const size = await stat(path).then(
    (entry) => entry.size,
    () => null,
  );
  if (size === null) return err(`${calibration} is missing`);
  if (size > MANIFEST_LIMIT_BYTES) return err(`${calibration} has ${size} bytes`);
  return parseCalibration(await readFile(path, 'utf8'));
}

/** Hash every file of the pack; null when all is as the manifest says, else the first difference. */
export async function verifyPack({ folder, manifest }: Pack): Promise<PackFault | null> {
  const broken = (detail: string, damage: PackDamage): PackFault => ({
    kind: 'pack-corrupt',
    id: manifest.id,
    detail,
    damage,
  });
  const place = await realpath(folder).catch(() => folder);
  for (const [file, { sha256, bytes }] of Object.entries(manifest.files)) {
    const entry = await lstat(join(folder, file)).catch(() => null);
    if (!entry) return broken(`${file} is missing`, damageOf('missing', file));
    if (!entry.isFile()) return broken(`${file} is not a plain file`, damageOf('not-a-file', file));
    if ((await realpath(join(folder, file))) !== join(place, file))
      return broken(`${file} lies outside of the pack`, damageOf('outside', file));
    if (entry.size !== bytes)
      return broken(`${file} has ${entry.size} bytes instead of ${bytes}`, {
        kind: 'wrong-size',
        file,
        bytes: entry.size,
        expectedBytes: bytes,
      });
    if ((await hashFile(join(folder, file))) !== sha256)
      return broken(`${file} differs from its sha256 in pack.json`, damageOf('differs', file));
  }
  return null;
}

const damageOf = (kind: PackDamage['kind'], file: string): PackDamage => ({
  kind,
  file,
  bytes: null,
  expectedBytes: null,
});

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
