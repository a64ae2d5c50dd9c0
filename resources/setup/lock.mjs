import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';

import { cachePath, readJson, say } from './base.mjs';

const POLL_MS = 250;
const BEAT_MS = 2_000;
const SILENCE_LIMIT_MS = 30_000;
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Gone: its process is dead, or it gave no sign of life (other machine, reused pid, crash before the owner file). */
function isStale(folder) {
  const owner = readJson(path.join(folder, 'owner.json'));
  if (owner && owner.host === hostname()) {
    try {
      process.kill(owner.pid, 0);
    } catch (cause) {
      if (cause.code === 'ESRCH') return true;
    }
  }
  try {
    return Date.now() - statSync(folder).mtimeMs > SILENCE_LIMIT_MS;
  } catch {
    return false;
  }
}

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
  const beat = setInterval(() => utimesSync(folder, new Date(), new Date()), BEAT_MS);
  const release = () => {
    clearInterval(beat);
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
