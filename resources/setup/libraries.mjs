import { existsSync } from 'node:fs';

import { say, secondsSince, SetupFailure } from './base.mjs';
import { capture, onPath } from './process.mjs';

const INSTALL_LIMIT_MS = 10 * 60_000;

/** What Electron needs of the system; where a library was renamed, the newer name comes first. */
const ELECTRON_PACKAGES = [
  ['libgtk-3-0t64', 'libgtk-3-0'],
  ['libnss3'],
  ['libasound2t64', 'libasound2'],
  ['libgbm1'],
  ['libatk-bridge2.0-0t64', 'libatk-bridge2.0-0'],
  ['libatspi2.0-0t64', 'libatspi2.0-0'],
  ['libcups2t64', 'libcups2'],
  ['libdrm2'],
  ['libxkbcommon0'],
  ['libxcomposite1'],
  ['libxdamage1'],
  ['libxfixes3'],
  ['libxrandr2'],
  ['libdbus-1-3'],
  ['libexpat1'],
];
const DISPLAY_PACKAGES = [['xvfb'], ['xauth']];

/** Shared libraries that `program` asks for and this system lacks. */
async function missingLibraries(program) {
  if (process.platform !== 'linux' || !onPath('ldd')) return [];
  const { output } = await capture('ldd', [program]);
  return [...output.matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1]);
}

/** @throws SetupFailure  libraries are missing and may not be installed from here: carries the exact line to run */
export async function ensureLibraries(program) {
  const missing = await missingLibraries(program);
  if (missing.length === 0) return;
  await installPackages(
    ELECTRON_PACKAGES,
    `Electron needs ${missing.slice(0, 3).join(', ')}${missing.length > 3 ? ' …' : ''}`,
  );
  const left = await missingLibraries(program);
  if (left.length > 0)
    throw new SetupFailure(
      `Electron still lacks ${left.join(', ')}`,
      'install the system packages that hold these libraries, then run the command again',
    );
}

/** A virtual display for tests on a machine without one. */
export async function ensureVirtualDisplay() {
  if (!onPath('xvfb-run') || !onPath('Xvfb') || !onPath('xauth'))
    await installPackages(DISPLAY_PACKAGES, 'tests with a window need a virtual display');
  return onPath('xvfb-run');
}

export const hasDisplay = () =>
  process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);

async function installPackages(groups, why) {
  const flat = (names) => names.join(' ');
  if (!onPath('apt-get'))
    throw new SetupFailure(
      `${why}; this system has no apt-get`,
      `install the packages that your system calls ${flat(groups.map((names) => names.at(-1)))}, then run the command again`,
    );
  const prefix = await adminPrefix();
  const plainLine = `sudo apt-get update && sudo apt-get install -y --no-install-recommends ${flat(groups.map((names) => names.at(-1)))}`;
  if (!prefix) throw new SetupFailure(`${why}, and only the administrator may install it`, plainLine);

  const startMs = Date.now();
  const [command, ...args] = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-qq'];
  say(`${why}: updating the package lists`);
  await capture(command, [...args, 'update'], { label: 'apt-get update', limitMs: INSTALL_LIMIT_MS });
  const names = [];
  for (const group of groups) names.push((await firstKnown(group)) ?? group.at(-1));
  say(`installing ${flat(names)}`);
  const { code, output } = await capture(command, [...args, 'install', '-y', '--no-install-recommends', ...names], {
    label: 'installing system packages',
    limitMs: INSTALL_LIMIT_MS,
  });
  if (code !== 0)
    throw new SetupFailure(
      `${why}, but apt-get failed: ${output.split('\n').find((line) => line.startsWith('E:')) ?? output.trim().split('\n').pop()}`,
      plainLine,
    );
  say(`system packages installed (${secondsSince(startMs)})`);
}

async function firstKnown(group) {
  for (const name of group) {
    const { output } = await capture('apt-cache', ['policy', name]);
    if (/Candidate: (?!\(none\))/.test(output)) return name;
  }
  return null;
}

/** Command prefix that runs as administrator without asking; null where that is not possible. */
export async function adminPrefix() {
  if (process.getuid?.() === 0) return existsSync('/usr/bin/env') ? [] : null;
  if (!onPath('sudo')) return null;
  return (await capture('sudo', ['-n', 'true'])).code === 0 ? ['sudo', '-n'] : null;
}
