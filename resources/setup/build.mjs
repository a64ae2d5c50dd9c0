import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

import { inRoot, say, secondsSince, SetupFailure, sha256, writeFileAtomic } from './base.mjs';
import { capture } from './process.mjs';

const COMMON = ['app', 'main', 'electron.vite.config.ts', 'package-lock.json', 'package.json'];

/** The command line is a part of the whole: a render never waits for the page, nor breaks with it. */
const BUILDS = {
  cli: { sources: COMMON, outputs: ['main/engine.js', 'main/cli.js'], label: 'building the command line' },
  app: {
    sources: [...COMMON, 'renderer'],
    outputs: ['main/engine.js', 'main/cli.js', 'main/index.js', 'preload/preload.cjs', 'renderer/index.html'],
    label: 'building the studio',
  },
};
const stampFile = (name) => inRoot('dist', `.stamp-${name}`);

function* filesUnder(file) {
  if (!existsSync(inRoot(file))) return;
  const entries = /\.\w+$/.test(file) ? null : readdirSync(inRoot(file), { withFileTypes: true });
  if (!entries) return yield file;
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const inner = path.join(file, entry.name);
    if (entry.isDirectory()) yield* filesUnder(inner);
    else if (!entry.name.endsWith('.md')) yield inner;
  }
}

/** Hash of everything that goes into the bundles, names included. */
const sourceHash = (name) =>
  sha256(
    ...BUILDS[name].sources.flatMap((source) =>
      [...filesUnder(source)].flatMap((file) => [file, '\0', readFileSync(inRoot(file)), '\0']),
    ),
  );

export function isBuildReady(name) {
  if (!BUILDS[name].outputs.every((file) => existsSync(inRoot('dist', file)))) return false;
  try {
    return readFileSync(stampFile(name), 'utf8').trim() === sourceHash(name);
  } catch {
    return false;
  }
}

/** Build when sources changed. The stamps go first and come back last, so that half a build is never trusted. */
export async function ensureBuild(name, node) {
  if (isBuildReady(name)) return;
  const startMs = Date.now();
  const made = name === 'app' ? ['cli', 'app'] : ['cli'];
  const stamps = made.map((build) => [stampFile(build), sourceHash(build)]);
  say(BUILDS[name].label);
  for (const [file] of stamps) rmSync(file, { force: true });
  const args = [inRoot('node_modules', 'electron-vite', 'bin', 'electron-vite.js'), 'build', '--logLevel', 'warn'];
  const env = { ...process.env, ...node.env, NO_COLOR: '1', ...(name === 'cli' ? { STEADYFRAME_BUILD: 'cli' } : {}) };
  delete env.FORCE_COLOR;
  const { code, output } = await capture(node.path, args, { env, label: BUILDS[name].label });
  if (code !== 0) {
    process.stdout.write(`${output.trim().split('\n').slice(-40).join('\n')}\n`);
    throw new SetupFailure(
      'the build failed (its last lines are above)',
      'mend the source, then run the command again; `npm run check` says more',
    );
  }
  for (const [file, hash] of stamps) writeFileAtomic(file, `${hash}\n`);
  say(`built (${secondsSince(startMs)})`);
}
