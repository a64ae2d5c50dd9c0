import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';

import { strFromU8, strToU8, zipSync, type Zippable } from 'fflate';

import type { JobEvent, JobId } from '../../app/contract/job.ts';
import type { RunReport } from '../../app/contract/report.ts';
import type { BundlePart, BundleText } from '../../app/contract/telemetry.ts';
import { redactor, textRedactor, type Secrets } from '../../app/export/redact.ts';
import { replaceFile } from '../store/atomic-file.ts';
import { homePaths } from '../store/home.ts';
import { logFiles } from './log-sink.ts';

export interface BundleSources {
  readonly home: string;
  /** Of this run; null: of the newest ones. */
  readonly jobId: JobId | null;
  readonly events: readonly JobEvent[];
  readonly report: (id: JobId) => RunReport | null;
  /** What is known of the machine and the program. */
  readonly device: unknown;
  readonly secrets: Secrets;
  readonly mayShowTexts: boolean;
}

/** One file of the bundle, redacted as it will be written. */
export interface BundleFile extends BundlePart {
  readonly data: Uint8Array;
}

const NEWEST_RUNS = 10;
const LOG_LIMIT_BYTES = 4 * 1024 * 1024;
const SNAPSHOT_LIMIT_BYTES = 64 * 1024 * 1024;

/** Everything that a bundle would hold, in the order in which it is shown. A source that can't be read is left out. */
export async function collectBundle(sources: BundleSources): Promise<readonly BundleFile[]> {
  const { home, jobId, events, report, secrets, mayShowTexts } = sources;
  const redact = redactor({ ...secrets, texts: [...secrets.texts, ...textsOf(events)] }, mayShowTexts);
  const json = (kind: BundlePart['kind'], name: string, value: unknown): BundleFile =>
    fileOf(kind, name, strToU8(`${JSON.stringify(redact(value), null, 2)}\n`));
  const ids = jobId === null ? newestIds(events) : [jobId];
  const reports = ids.flatMap((id) => report(id) ?? []);
  const told = events.filter((event) => ids.includes(event.jobId));
  const files: BundleFile[] = [json('device', 'device.json', sources.device)];
  for (const one of reports) files.push(json('report', `reports/${one.runId}.json`, one));
  if (told.length > 0) files.push(json('history', 'history.json', told));
  for (const name of ['settings', 'telemetry'] as const) {
    const value = await readJson(homePaths(home)[name]);
    if (value !== undefined) files.push(json('settings', `${name}.json`, value));
  }
  const log = await logSlice(homePaths(home).logs, jobId === null ? null : (reports[0]?.traceId ?? ''));
  if (log !== '') files.push(fileOf('log', 'logs/steadyframe.jsonl', strToU8(redactLines(log, redact))));
  return [...files, ...(await snapshotFiles(home, ids, redact, textRedactor(secrets, mayShowTexts)))];
}

/** @returns the size of the archive in bytes */
export async function writeBundle(path: string, files: readonly BundleFile[]): Promise<number> {
  // Numbers of a model don't get smaller, and trying takes long.
  const entries: Zippable = Object.fromEntries(
    files.map(({ name, data }) => [name, [data, { level: extname(name) === '.bin' ? 0 : 6 }]]),
  );
  const archive = zipSync(entries);
  await replaceFile(path, archive);
  return archive.byteLength;
}

/** So much text is handed out at once. */
const PIECE_CHARACTERS = 100_000;
const TEXT_ENDINGS: ReadonlySet<string> = new Set(['.json', '.jsonl', '.txt', '.log']);

/** What stands in a part, from a character on: the very bytes that are written. */
export function pieceOf({ name, data }: BundleFile, from: number): BundleText {
  if (!TEXT_ENDINGS.has(extname(name))) return { text: null, next: null };
  const whole = strFromU8(data);
  const piece = whole.slice(from, from + PIECE_CHARACTERS);
  // Not between the halves of a character.
  const isCut = /[\uD800-\uDBFF]$/.test(piece) && from + piece.length < whole.length && piece.length > 1;
  const text = isCut ? piece.slice(0, -1) : piece;
  const next = from + text.length;
  return { text, next: next < whole.length ? next : null };
}

const fileOf = (kind: BundlePart['kind'], name: string, data: Uint8Array): BundleFile => ({
  name,
  kind,
  bytes: data.byteLength,
  data,
});

const textsOf = (events: readonly JobEvent[]): readonly string[] =>
  events.flatMap((event) => (event.kind === 'queued' ? [event.request.prompt, event.request.negative] : []));

const newestIds = (events: readonly JobEvent[]): readonly JobId[] =>
  [...new Set(events.filter(({ kind }) => kind === 'queued').map(({ jobId }) => jobId))].slice(-NEWEST_RUNS);

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch {
    return undefined;
  }
}

/** The newest lines, oldest first; of one run alone where its trace is known. */
async function logSlice(folder: string, traceId: string | null): Promise<string> {
  let slice: string[] = [];
  let bytes = 0;
  for (const name of logFiles()) {
    const text = await readFile(join(folder, name), 'utf8').catch(() => '');
    const lines = text.split('\n').filter((line) => line !== '' && (traceId === null || belongs(line, traceId)));
    const taken: string[] = [];
    for (const line of lines.toReversed()) {
      bytes += line.length + 1;
      if (bytes > LOG_LIMIT_BYTES) return [...taken.toReversed(), ...slice].join('\n');
      taken.push(line);
    }
    slice = [...taken.toReversed(), ...slice];
  }
  return slice.join('\n');
}

/** Of the run, or of no run: what the engine and the program said meanwhile. */
const belongs = (line: string, traceId: string): boolean => line.includes(traceId) || !line.includes('"trace.id"');

/** Logs were redacted when they were written; what may be shown may have changed since. */
function redactLines(text: string, redact: (value: unknown) => unknown): string {
  const lines = text.split('\n').flatMap((line) => {
    try {
      return [JSON.stringify(redact(JSON.parse(line)))];
    } catch {
      return [];
    }
  });
  return `${lines.join('\n')}\n`;
}

/** What was kept of faults of these runs: texts redacted, numbers as they are. */
async function snapshotFiles(
  home: string,
  ids: readonly JobId[],
  redact: (value: unknown) => unknown,
  clean: (text: string) => string,
): Promise<readonly BundleFile[]> {
  const files: BundleFile[] = [];
  let bytes = 0;
  for (const id of ids) {
    const folder = homePaths(home).snapshots(id);
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
    for (const entry of entries.toSorted((a, b) => a.name.localeCompare(b.name))) {
      const path = join(entry.parentPath, entry.name);
      const size = entry.isFile() ? ((await stat(path).catch(() => null))?.size ?? null) : null;
      if (size === null || bytes + size > SNAPSHOT_LIMIT_BYTES) continue;
      bytes += size;
      const name = `snapshots/${id}/${relative(folder, path).split(sep).join('/')}`;
      if (extname(path) === '.json') {
        const value = await readJson(path);
        if (value !== undefined)
          files.push(fileOf('snapshot', name, strToU8(`${JSON.stringify(redact(value), null, 2)}\n`)));
      } else if (['.txt', '.log', '.jsonl'].includes(extname(path)))
        files.push(fileOf('snapshot', name, strToU8(clean(await readFile(path, 'utf8')))));
      else files.push(fileOf('snapshot', name, await readFile(path)));
    }
  }
  return files;
}
