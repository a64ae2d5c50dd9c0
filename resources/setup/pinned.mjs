import { createHash } from 'node:crypto';
import {
  chmodSync,
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createGunzip } from 'node:zlib';

import { cachePath, say, secondsSince, SetupFailure } from './base.mjs';
import { capture, npmCommand } from './process.mjs';

const PINS = JSON.parse(readFileSync(fileURLToPath(new URL('pinned.json', import.meta.url)), 'utf8'));
const DOWNLOAD_LIMIT_MS = 10 * 60_000;

const pinFor = (kind) => PINS[`${kind}-${process.platform}-${process.arch}`] ?? null;
const folderOf = (pin) => path.join(cachePath, `${pin.name}-${pin.version}`);

/** Where the pinned package's program lies, whether it is there yet or not; null on a platform without one. */
export function pinnedProgram(kind) {
  const pin = pinFor(kind);
  return (
    pin && {
      path: path.join(folderOf(pin), pin.program),
      source: `npm ${pin.name}@${pin.version}`,
      version: pin.version,
    }
  );
}

/**
 * Fetch the pinned package into .cache, checked against the committed hash before anything of it is unpacked.
 *
 * @returns path of its program; at once if it is there already
 * @throws SetupFailure  not reachable, or not the bytes that were pinned
 */
export async function fetchPinned(kind) {
  const pin = pinFor(kind);
  const program = path.join(folderOf(pin), pin.program);
  if (existsSync(program)) return program;

  const startMs = Date.now();
  const draft = `${folderOf(pin)}.${process.pid}.part`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  try {
    const npm = npmCommand();
    const label = `fetching ${pin.name}@${pin.version}`;
    say(`${label} from the npm registry`);
    const packArgs = [
      'pack',
      `${pin.name}@${pin.version}`,
      '--ignore-scripts',
      '--loglevel=error',
      '--pack-destination',
      draft,
    ];
    const packed = await capture(npm.command, [...npm.args, ...packArgs], { label, limitMs: DOWNLOAD_LIMIT_MS });
    const archive = readdirSync(draft).find((name) => name.endsWith('.tgz'));
    if (packed.code !== 0 || !archive)
      throw new SetupFailure(
        `${pin.name}@${pin.version} could not be fetched${packed.timedOut ? ' in time' : ''}: ${lastLine(packed.output)}`,
        'check that the npm registry can be reached (`npm ping`), then run the command again',
      );
    const file = path.join(draft, archive);
    const integrity = `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}`;
    if (integrity !== pin.integrity)
      throw new SetupFailure(
        `${pin.name}@${pin.version} is not the package that was pinned (its hash is ${integrity})`,
        'do not use it; compare resources/setup/pinned.json with the registry, or clear a bad cache with `npm cache clean --force`',
      );
    await pipeline(createReadStream(file), createGunzip(), createWriteStream(`${file}.tar`));
    const unpacked = await capture('tar', ['-xf', `${file}.tar`, '-C', draft]);
    if (unpacked.code !== 0)
      throw new SetupFailure(
        `${archive} could not be unpacked: ${lastLine(unpacked.output)}`,
        'install `tar` and free 1 GB of disk, then run the command again',
      );
    for (const name of pin.executables) chmodSync(path.join(draft, 'package', name), 0o755);
    rmSync(folderOf(pin), { recursive: true, force: true });
    renameSync(path.join(draft, 'package'), folderOf(pin));
    say(`${pin.name}@${pin.version} fetched and its hash checked (${secondsSince(startMs)})`);
    return program;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

const lastLine = (text) => text.trim().split('\n').pop();
