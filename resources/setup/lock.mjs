import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';

import { cachePath, readJson, say } from './base.mjs';

const POLL_MS = 250;
const BEAT_MS = 2_000;
const SILENCE_LIMIT_MS = 30_000;
const ORPHAN_LIMIT_MS = 10 * 60_000;
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return cause.code !== 'ESRCH';
  }
}

/** Gone: its process is dead, or it gave no sign of life (other machine, reused pid, crash before the owner file). */
function isStale(folder) {
  let silentMs;
  try {
    silentMs = Date.now() - statSync(folder).mtimeMs;
  } catch {
    return false;
  }
  const owner = readJson(path.join(folder, 'owner.json'));
  // A killed owner may leave its npm running: it has to end before somebody else writes to the same folders.
  const orphan = readJson(path.join(folder, 'child.json'));
  if (orphan && orphan.host === hostname() && isAlive(orphan.pid)) return silentMs > ORPHAN_LIMIT_MS;
  if (owner && owner.host === hostname() && !isAlive(owner.pid)) return true;
  return silentMs > SILENCE_LIMIT_MS;
}

/** While the lock is ours, a child that works for us is written down beside it, and taken off when it ends. */
export function noteChild(pid) {
  if (!heldFolder || !pid) return () => {};
  const file = path.join(heldFolder, 'child.json');
  writeFileSync(file, JSON.stringify({ pid, host: hostname() }));
  return () => rmSync(file, { force: true });
}
let heldFolder = null;

function tryMake(folder) {
  try {
    mkdirSync(folder);
    return true;
  } catch (cause) {
    if (cause.code === 'EEXIST') return false;
    throw cause;
  }
}

/** Only one waiter may clear a dead owner's folder, and it looks again once it holds that right. */
function clearStale(folder) {
  const right = `${folder}.clearing`;
  if (!tryMake(right)) {
    if (isStale(right)) rmSync(right, { recursive: true, force: true });
    return;
  }
  try {
    if (isStale(folder)) rmSync(folder, { recursive: true, force: true });
  } finally {
    rmSync(right, { recursive: true, force: true });
  }
}

/** Run `work` while no other call of this set-up runs in the same checkout. A crashed owner is noticed and replaced. */
export async function withLock(work) {
  mkdirSync(cachePath, { recursive: true });
  const folder = path.join(cachePath, 'setup.lock');
  const ownerFile = path.join(folder, 'owner.json');
  const token = randomUUID();
  let announced = false;
  while (!tryMake(folder)) {
    if (isStale(folder)) {
      clearStale(folder);
      continue;
    }
    if (!announced) say(`waiting for another call that is setting up (process ${readJson(ownerFile)?.pid ?? '?'})`);
    announced = true;
    await sleep(POLL_MS);
  }
  writeFileSync(ownerFile, JSON.stringify({ pid: process.pid, host: hostname(), token }));
  heldFolder = folder;
  const beat = setInterval(() => utimesSync(folder, new Date(), new Date()), BEAT_MS);
  const release = () => {
    clearInterval(beat);
    heldFolder = null;
    if (isOurs(ownerFile, token)) rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

function isOurs(ownerFile, token) {
  try {
    return readFileSync(ownerFile, 'utf8').includes(token);
  } catch {
    return false;
  }
}
