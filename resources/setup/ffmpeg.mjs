import { existsSync, rmSync } from 'node:fs';

import { inRoot, isWindows, messageOf, say, SetupFailure, warn } from './base.mjs';
import { fetchPinned, pinnedProgram } from './pinned.mjs';
import { capture, onPath } from './process.mjs';
import { knownTool, rememberTool } from './tools.mjs';

const STATIC_DOWNLOAD_LIMIT_MS = 30_000;
const PROOF_LIMIT_MS = 20_000;
const suffix = isWindows ? '.exe' : '';

/** It counts only if it runs, and for ffmpeg only with the H.264 encoder that we deliver with. */
async function prove(name, file) {
  const { code, output } = await capture(file, ['-hide_banner', '-version'], { limitMs: PROOF_LIMIT_MS });
  if (code !== 0) return { problem: `does not run (${output.trim().split('\n').pop() || 'no message'})` };
  const version = /version (\S+)/.exec(output)?.[1] ?? 'unknown';
  if (name === 'ffmpeg') {
    const encoders = await capture(file, ['-hide_banner', '-v', 'error', '-encoders'], { limitMs: PROOF_LIMIT_MS });
    if (!/\blibx264\b/.test(encoders.output)) return { problem: 'has no libx264' };
  }
  return { version };
}

async function staticFfmpeg() {
  const file = inRoot('node_modules', 'ffmpeg-static', `ffmpeg${suffix}`);
  const install = inRoot('node_modules', 'ffmpeg-static', 'install.js');
  if (!existsSync(file) && existsSync(install)) {
    const label = 'fetching ffmpeg';
    const { code } = await capture(process.execPath, [install], { limitMs: STATIC_DOWNLOAD_LIMIT_MS, label });
    if (code !== 0) rmSync(file, { force: true });
  }
  return existsSync(file) ? file : null;
}

async function pinnedFfmpeg() {
  if (!pinnedProgram('ffmpeg')) return null;
  try {
    return await fetchPinned('ffmpeg');
  } catch (cause) {
    warn(messageOf(cause));
    return null;
  }
}

const CANDIDATES = {
  ffmpeg: [
    { source: 'ffmpeg-static', find: staticFfmpeg },
    { source: pinnedProgram('ffmpeg')?.source ?? 'npm', find: pinnedFfmpeg },
    { source: 'PATH', find: () => onPath('ffmpeg') },
  ],
  ffprobe: [
    {
      source: '@ffprobe-installer',
      find: () =>
        inRoot('node_modules', '@ffprobe-installer', `${process.platform}-${process.arch}`, `ffprobe${suffix}`),
    },
    { source: 'PATH', find: () => onPath('ffprobe') },
  ],
};

/** What was proven before, if the user's own choice (FFMPEG_BIN, FFPROBE_BIN) has not changed since. */
function usable(name) {
  const variable = `${name.toUpperCase()}_BIN`;
  const own = process.env[variable];
  const known = knownTool(name);
  return known && (own ? known.path === own : known.source !== variable) ? known : null;
}

async function ensureTool(name) {
  const variable = `${name.toUpperCase()}_BIN`;
  const own = process.env[variable];
  const known = usable(name);
  if (known) return known;
  if (own) {
    const proof = await prove(name, own);
    if (proof.version) return rememberTool(name, { path: own, version: proof.version, source: variable });
    warn(`${variable}=${own} ${proof.problem}; looking for another ${name}`);
  }
  const tried = [];
  for (const { source, find } of CANDIDATES[name]) {
    const file = await find();
    const proof = file && existsSync(file) ? await prove(name, file) : { problem: 'is not there' };
    if (proof.version) {
      say(`using ${name} ${proof.version} from ${source}`);
      return rememberTool(name, { path: file, version: proof.version, source });
    }
    tried.push(`${source} ${proof.problem}`);
  }
  throw new SetupFailure(
    `no ${name} that can be used: ${tried.join('; ')}`,
    `install it (Debian, Ubuntu: sudo apt-get install -y ffmpeg) or let ${variable} name its full path`,
  );
}

/** Both of them if nothing has to be done, else null. */
export function knownFfmpeg() {
  const ffmpeg = usable('ffmpeg');
  const ffprobe = usable('ffprobe');
  return ffmpeg && ffprobe && { ffmpeg, ffprobe };
}

/** Proven ffmpeg and ffprobe, remembered in .cache/tools.json; the child finds them by FFMPEG_BIN and FFPROBE_BIN. */
export async function ensureFfmpeg() {
  return { ffmpeg: await ensureTool('ffmpeg'), ffprobe: await ensureTool('ffprobe') };
}
