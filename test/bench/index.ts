import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { rootFolder } from '../guard/source.ts';
import { rowsOf, table } from './figure.ts';
import { measureFrameFigures } from './frame-figures.ts';
import { measureMemory } from './memory.ts';
import { measureMonitorShare } from './monitor-share.ts';
import { measureSpeed } from './speed.ts';
import { measureStart } from './start.ts';
import { findTorch } from './torch.ts';
import { openProgram, type Program } from './work.ts';

const DEFAULT_ROUNDS = 9;
const MEMORY_ROUNDS = 3;
const SHARE_ROUNDS = 5;
const LEGAL = 'legal: --json FILE, --pack DIR, --rounds N from 1 to 99';

class BadRequest extends Error {}

interface Options {
  readonly json: string | null;
  readonly pack: string;
  readonly rounds: number;
}

function readOptions(args: readonly string[]): Options {
  const options = { json: { type: 'string' }, pack: { type: 'string' }, rounds: { type: 'string' } } as const;
  try {
    const { values } = parseArgs({ args: [...args], options, strict: true, allowPositionals: false });
    const rounds = Number(values.rounds ?? DEFAULT_ROUNDS);
    if (!Number.isInteger(rounds) || rounds < 1 || rounds > 99) throw new Error(`--rounds "${values.rounds}"`);
    return {
      json: values.json === undefined ? null : resolve(values.json),
      pack: resolve(values.pack ?? join(rootFolder, 'models', 'wan-mini', 'pack')),
      rounds,
    };
  } catch (cause) {
    const [line = ''] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
    throw new BadRequest(`${line}; ${LEGAL}`);
  }
}

function versionOf(...file: readonly string[]): string | null {
  try {
    const text = readFileSync(join(...file), 'utf8').trim();
    if (!text.startsWith('{')) return text;
    return /^\s*"version":\s*"([^"]+)"/m.exec(text)?.[1] ?? null;
  } catch {
    return null;
  }
}

const machineOf = ({ manifest, work }: Program, torchVersion: string | null) => ({
  date: new Date().toISOString(),
  cpuModel: cpus()[0]?.model.trim() ?? 'unknown',
  coreCount: availableParallelism(),
  memoryBytes: totalmem(),
  system: `${platform()} ${release()}`,
  /** Of the last minute before the first measurement: what else the machine had to do. */
  loadAverage: loadavg()[0] ?? null,
  pack: `${manifest.id} ${manifest.version}, ${manifest.rungs[0]?.name ?? ''}`,
  threads: work.threads,
  versions: {
    steadyframe: versionOf(rootFolder, 'package.json'),
    node: process.version,
    onnxruntime: versionOf(rootFolder, 'node_modules', 'onnxruntime-node', 'package.json'),
    electron: versionOf(process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? '', 'version'),
    torch: torchVersion,
  },
});

async function bench({ json, pack, rounds }: Options): Promise<void> {
  const tell = (line: string): void => void process.stderr.write(`${line}\n`);
  await using program = await openProgram(pack);
  const torch = await findTorch(program);
  const machine = machineOf(program, 'missing' in torch ? null : torch.version);

  const speed = await measureSpeed(program, torch, rounds, tell);
  const torchName = 'missing' in torch ? 'PyTorch' : torch.name;
  const memory = await measureMemory(program, speed, torchName, Math.min(rounds, MEMORY_ROUNDS), tell);
  const start = await measureStart(program, rounds, tell);
  const share = await measureMonitorShare(program, Math.min(rounds, SHARE_ROUNDS), tell);
  const frames = measureFrameFigures(program.at('frames'), rounds, tell);
  const figures = [...speed.figures, ...memory, ...start, share, ...frames];

  const { versions, ...facts } = machine;
  const describe = (entries: object): string =>
    Object.entries(entries)
      .map(([name, value]) => `${name} ${value ?? 'not here'}`)
      .join(', ');
  process.stdout.write(`${describe(facts)}\n${describe(versions)}\n\n${table(figures)}\n`);
  if (json !== null) writeFileSync(json, `${JSON.stringify({ machine, rows: rowsOf(figures) }, null, 2)}\n`);
}

try {
  await bench(readOptions(process.argv.slice(2)));
} catch (cause) {
  process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\n`);
  process.exitCode = cause instanceof BadRequest ? 2 : 3;
}
