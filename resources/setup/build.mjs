import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

import { inRoot, say, secondsSince, SetupFailure, sha256, writeFileAtomic } from './base.mjs';
import { capture } from './process.mjs';

const SOURCES = ['app', 'main', 'renderer', 'electron.vite.config.ts', 'package-lock.json', 'package.json'];
const OUTPUTS = [
  'dist/main/index.js',
  'dist/main/engine.js',
  'dist/main/cli.js',
  'dist/preload/preload.cjs',
  'dist/renderer/index.html',
];
const stampFile = inRoot('dist', '.stamp');

function* filesUnder(file) {
  if (!existsSync(inRoot(file))) return;
  const entries = /\.\w+$/.test(file) ? null : readdirSync(inRoot(file), { withFileTypes: true });
  if (!entries) return yield file;
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const inner = path.join(file, entry.name);
    if (entry.isDirectory()) yield* filesUnder(inner);
    else yield inner;
  }
}

/** Hash of everything that goes into the bundles, names included. */
const sourceHash = () =>
  sha256(
    ...SOURCES.flatMap((source) =>
      [...filesUnder(source)].flatMap((file) => [file, '\0', readFileSync(inRoot(file)), '\0']),
    ),
  );

export function isBuildReady() {
  if (!OUTPUTS.every((file) => existsSync(inRoot(file)))) return false;
  try {
    return readFileSync(stampFile, 'utf8').trim() === sourceHash();
  } catch {
    return false;
  }
}

/** Build when sources changed. The stamp goes first and comes back last, so that half a build is never trusted. */
export async function ensureBuild(node) {
  if (isBuildReady()) return;
  const startMs = Date.now();
  const hash = sourceHash();
  say('building');
  rmSync(stampFile, { force: true });
  const args = [inRoot('node_modules', 'electron-vite', 'bin', 'electron-vite.js'), 'build', '--logLevel', 'warn'];
  const { code, output } = await capture(node.path, args, { env: { ...process.env, ...node.env }, label: 'building' });
  if (code !== 0) {
    process.stdout.write(`${output.trim().split('\n').slice(-40).join('\n')}\n`);
    throw new SetupFailure(
      'the build failed (its last lines are above)',
      'mend the source, then run the command again; `npm run check` says more',
    );
  }
  writeFileAtomic(stampFile, `${hash}\n`);
  say(`built (${secondsSince(startMs)})`);
}
