import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const rootPath = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
export const cachePath = path.join(rootPath, '.cache');
export const toolsFile = path.join(cachePath, 'tools.json');
export const inRoot = (...parts) => path.join(rootPath, ...parts);
export const isWindows = process.platform === 'win32';

/** Set-up could not go on; `nextStep` is the exact thing to do, one line. */
export class SetupFailure extends Error {
  constructor(message, nextStep, exitCode = 3) {
    super(message);
    this.nextStep = nextStep;
    this.exitCode = exitCode;
  }
}

/** One progress line on stdout; nothing is ever said when nothing had to be done. */
export const say = (line) => process.stdout.write(`setup: ${line}\n`);
/** One line on stderr about something that is wrong but does not stop the work. */
export const warn = (line) => process.stderr.write(`setup: ${line}\n`);

export const secondsSince = (startMs) => `${((Date.now() - startMs) / 1000).toFixed(1)} s`;
export const messageOf = (cause) => (cause instanceof Error ? cause.message : String(cause)).split('\n')[0];

export function sha256(...chunks) {
  const hash = createHash('sha256');
  for (const chunk of chunks) hash.update(chunk);
  return hash.digest('hex');
}

/** Parsed JSON, or null where the file is missing or half written: both mean "do it again". */
export function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

/** Whole or not at all: a crash leaves the former file. */
export function writeFileAtomic(file, text) {
  mkdirSync(path.dirname(file), { recursive: true });
  const draft = `${file}.${randomUUID()}.part`;
  try {
    writeFileSync(draft, text);
    renameSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Size and time of change: a cheap sign that a proven program is still the same file; null if it is gone. */
export function signatureOf(file) {
  if (!file || !existsSync(file)) return null;
  const { size, mtimeMs } = statSync(file);
  return `${size}:${Math.round(mtimeMs)}`;
}
