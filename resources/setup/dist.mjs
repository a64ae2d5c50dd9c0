import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';

import { cachePath, inRoot, isWindows, say, SetupFailure, warn } from './base.mjs';
import { capture } from './process.mjs';
import { installedVersion } from './tools.mjs';

const INSTALLERS = { linux: ['AppImage', 'deb'], win32: ['nsis'] };
const releasePath = inRoot('release');
const megabytes = (file) => `${Math.round(statSync(file).size / 1e6)} MB`;

/**
 * The program as a folder, then each installer of this platform out of it: one that can't be made here (the packer
 * fetches its tools) is named, and the others are still made.
 *
 * With a stand-in for Electron there is the folder alone, to try the packaged program: a stand-in is never shipped.
 */
export async function makeInstallers(_task, args, tools) {
  const targets = INSTALLERS[process.platform];
  if (!targets) throw new SetupFailure('there are no installers for this system', 'run it on Linux or Windows', 2);
  if (args.some((arg) => arg !== '--dir'))
    throw new SetupFailure(
      `unknown option "${args.find((arg) => arg !== '--dir')}"`,
      'legal: --dir, the folder alone',
      2,
    );
  stagePrograms(tools);
  const folder = path.join(releasePath, isWindows ? 'win-unpacked' : 'linux-unpacked');
  rmSync(folder, { recursive: true, force: true });
  const electron = [`-c.electronDist=${tools.electron.distPath}`, `-c.electronVersion=${tools.electron.version}`];
  const packed = await pack(tools, ['dir', ...electron], 'packing the program');
  if (packed !== null)
    throw new SetupFailure(`the program could not be packed: ${packed}`, 'mend that and run it again');
  say(`made ${path.relative(process.cwd(), folder)}`);
  if (args.includes('--dir')) return 0;
  if (tools.electron.version !== installedVersion('electron')) {
    warn(
      `no installer is made with Electron ${tools.electron.version}, which only stands in here: the folder is for trying out. ` +
        'Where the declared Electron can be fetched (`rm -r .cache` tries it again), the same command makes them',
    );
    return 3;
  }
  let failures = 0;
  for (const target of targets) {
    const known = new Set(installers());
    const problem = await pack(tools, [target, `--prepackaged=${folder}`], `making the ${target}`);
    for (const file of installers().filter((name) => !known.has(name)))
      say(`made ${path.join('release', file)} (${megabytes(path.join(releasePath, file))})`);
    if (problem === null) continue;
    failures += 1;
    warn(`no ${target}: ${problem}`);
  }
  return failures === 0 ? 0 : 3;
}

/** Beside each other under the names that the program looks for; electron-builder.yml takes them from here. */
function stagePrograms(tools) {
  const folder = path.join(cachePath, 'programs');
  mkdirSync(folder, { recursive: true });
  for (const name of ['ffmpeg', 'ffprobe']) {
    const file = path.join(folder, isWindows ? `${name}.exe` : name);
    copyFileSync(tools[name].path, file);
    chmodSync(file, 0o755);
  }
}

const installers = () =>
  existsSync(releasePath) ? readdirSync(releasePath).filter((name) => /\.(AppImage|deb|exe)$/.test(name)) : [];

/** What went wrong, in the packer's words; null when all went well. */
async function pack(tools, [target, ...options], label) {
  say(label);
  const builder = inRoot('node_modules', 'electron-builder', 'cli.js');
  const line = [builder, isWindows ? '--win' : '--linux', target, ...options, '--publish', 'never'];
  const { code, output } = await capture(tools.node.path, line, { env: { ...tools.env, ...tools.node.env }, label });
  if (code === 0) return null;
  const lines = output.trim().split('\n');
  return (lines.find((text) => text.includes('⨯')) ?? lines.at(-1) ?? 'no message').replace(/^.*⨯\s*/, '').trim();
}
