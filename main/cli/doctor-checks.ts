import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rm, statfs, writeFile } from 'node:fs/promises';
import { arch, availableParallelism, cpus, freemem, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

import { makeFolder } from '../base/make-folder.ts';
import { describeEnd, runFfmpeg } from '../export/ffmpeg.ts';
import { findTool, type ToolName } from '../export/tools.ts';
import { outputFault } from '../export/writable.ts';
import { openFlowPack } from '../monitor/flow-pack.ts';
import { missingLists } from '../precheck/lexicon.ts';

/** One finding: good as it is, worth knowing, or a gap that keeps a render from working. */
export interface Line {
  readonly state: 'good' | 'note' | 'bad';
  readonly subject: string;
  readonly text: string;
}

const PROBE_LIMIT_MS = 30_000;
const GIB = 1024 ** 3;
const LOW_MEMORY_BYTES = 4 * GIB;
const LOW_DISK_BYTES = 2 * GIB;
const NEEDED_NODE_MAJOR = 24;
const gib = (bytes: number): string => `${(bytes / GIB).toFixed(1)} GiB`;

/** Run a helper program and keep what it said; null where it is not there or fails. */
async function ask(
  program: string,
  args: readonly string[],
  signal: AbortSignal,
  folder?: string,
): Promise<string | null> {
  const end = await runFfmpeg({ program, args, signal, stallLimitMs: PROBE_LIMIT_MS, ...(folder ? { folder } : {}) });
  return end.kind === 'done' ? end.output : null;
}

const setupFile = z.object({ electron: z.object({ version: z.string(), source: z.string() }).optional() });

function lookAtPrograms(root: string): readonly Line[] {
  const major = Number(process.versions.node.split('.')[0]);
  const node: Line = {
    state: major >= NEEDED_NODE_MAJOR ? 'good' : 'bad',
    subject: 'Node',
    text: `${process.version} on ${platform()} ${arch()} (${release()})${major >= NEEDED_NODE_MAJOR ? '' : `; Node ${NEEDED_NODE_MAJOR} is needed: run this through npm`}`,
  };
  const electron = electronOf(root);
  if (!electron)
    return [
      node,
      { state: 'note', subject: 'Electron', text: 'not fetched; "npm start" fetches it, a render needs none' },
    ];
  const isStandIn = electron.source.startsWith('npm ');
  const where = isStandIn
    ? `${electron.source}: a stand-in for development, the declared version could not be fetched`
    : electron.source;
  return [node, { state: isStandIn ? 'note' : 'good', subject: 'Electron', text: `${electron.version}, ${where}` }];
}

function electronOf(root: string): { readonly version: string; readonly source: string } | null {
  try {
    const raw: unknown = JSON.parse(readFileSync(join(root, '.cache', 'tools.json'), 'utf8'));
    return setupFile.parse(raw).electron ?? null;
  } catch {
    return process.versions.electron === undefined ? null : { version: process.versions.electron, source: 'the app' };
  }
}

const runtimeFacts = z.object({
  version: z.string(),
  backends: z.array(z.object({ name: z.string(), bundled: z.boolean() })),
});
const RUNTIME_SCRIPT =
  'process.env.ORT_DISABLE_TELEMETRY=1;const o=require(process.argv[1]);console.log(JSON.stringify({version:o.env.versions.node,backends:o.listSupportedBackends()}))';

/** ONNX Runtime in a child of its own: a library that can't be loaded may take its process along. */
async function lookAtEngine(root: string, signal: AbortSignal): Promise<readonly Line[]> {
  const said = await ask(process.execPath, ['-e', RUNTIME_SCRIPT, 'onnxruntime-node'], signal, root);
  try {
    const { version, backends } = runtimeFacts.parse(JSON.parse(said ?? 'null'));
    const bundled = backends.filter((backend) => backend.bundled).map(({ name }) => name);
    return [
      { state: 'good', subject: 'ONNX Runtime', text: `${version}, providers in the package: ${bundled.join(', ')}` },
    ];
  } catch {
    return [
      {
        state: 'bad',
        subject: 'ONNX Runtime',
        text: 'it can not be loaded; remove node_modules and run the command again',
      },
    ];
  }
}

async function lookAtMachine(home: string, signal: AbortSignal): Promise<readonly Line[]> {
  const model = cpus()[0]?.model.trim() ?? 'unknown';
  const lacksMemory = freemem() < LOW_MEMORY_BYTES;
  return [
    { state: 'good', subject: 'processor', text: `${availableParallelism()} cores, ${model}` },
    {
      state: lacksMemory ? 'note' : 'good',
      subject: 'memory',
      text: `${gib(freemem())} free of ${gib(totalmem())}${lacksMemory ? '; close other programs before a large render' : ''}`,
    },
    await lookAtGpu(signal),
    ...(await lookAtHome(home)),
  ];
}

async function lookAtGpu(signal: AbortSignal): Promise<Line> {
  const query = ['--query-gpu=name,memory.total,driver_version', '--format=csv,noheader'];
  const said = await ask('nvidia-smi', query, signal);
  const cards = (said ?? '').split('\n').filter((line) => line.trim() !== '');
  if (cards.length === 0) return { state: 'note', subject: 'GPU', text: 'none found: the processor is used' };
  return { state: 'good', subject: 'GPU', text: cards.join('; ') };
}

async function lookAtHome(home: string): Promise<readonly Line[]> {
  const trial = join(home, `.doctor-${randomUUID()}.part`);
  try {
    await makeFolder(home);
    await writeFile(trial, 'steadyframe');
    const { bavail, bsize } = await statfs(home);
    const freeBytes = bavail * bsize;
    const isLow = freeBytes < LOW_DISK_BYTES;
    return [
      { state: 'good', subject: 'home', text: `${home} can be written (STEADYFRAME_HOME names another one)` },
      {
        state: isLow ? 'note' : 'good',
        subject: 'disk',
        text: `${gib(freeBytes)} free there${isLow ? '; a long project needs more' : ''}`,
      },
    ];
  } catch (cause) {
    const { detail } = outputFault(cause, home);
    return [
      { state: 'bad', subject: 'home', text: `${detail}; let STEADYFRAME_HOME name a folder that can be written` },
    ];
  } finally {
    await rm(trial, { force: true }).catch(() => undefined);
  }
}

async function lookAtFfmpeg(signal: AbortSignal): Promise<readonly Line[]> {
  return [await lookAtTool('ffmpeg', signal), await lookAtTool('ffprobe', signal)];
}

async function lookAtTool(name: ToolName, signal: AbortSignal): Promise<Line> {
  const cure = `install ffmpeg (Debian, Ubuntu: sudo apt-get install -y ffmpeg) or let ${name.toUpperCase()}_BIN name it`;
  const tool = findTool(name);
  if (!tool) return { state: 'bad', subject: name, text: `not found; ${cure}` };
  const end = await runFfmpeg({ program: tool.path, args: ['-version'], signal, stallLimitMs: PROBE_LIMIT_MS });
  if (end.kind !== 'done')
    return { state: 'bad', subject: name, text: `${tool.path} does not run (${describeEnd(end)}); ${cure}` };
  const version = /version (\S+)/.exec(end.output)?.[1] ?? 'of unknown version';
  const line = `${version}, from ${tool.source}`;
  if (name === 'ffprobe') return { state: 'good', subject: name, text: line };
  const encoders = await ask(tool.path, ['-hide_banner', '-v', 'error', '-encoders'], signal);
  if (!/\blibx264\b/.test(encoders ?? ''))
    return { state: 'bad', subject: name, text: `${line}, has no libx264; ${cure}` };
  const filters = await ask(tool.path, ['-hide_banner', '-v', 'error', '-filters'], signal);
  const hasText = /\bass\s+V->V/.test(filters ?? '');
  return {
    state: hasText ? 'good' : 'note',
    subject: name,
    text: `${line}, with libx264${hasText ? ' and libass' : '; without libass the fallback clip has no caption'}`,
  };
}

/** Without it motion is not measured; everything else goes on. */
async function lookAtFlow(root: string): Promise<readonly Line[]> {
  const pack = await openFlowPack(root);
  return pack.ok
    ? [{ state: 'good', subject: 'flow model', text: `${pack.value.manifest.id} ${pack.value.manifest.version}` }]
    : [
        {
          state: 'note',
          subject: 'flow model',
          text: `${pack.error}: motion is not measured; restore models/raft-mini`,
        },
      ];
}

/** All of it but the packs. */
export async function examine(
  about: { readonly root: string; readonly home: string; readonly signal: AbortSignal },
  tell: (lines: readonly Line[]) => void = () => undefined,
): Promise<readonly Line[]> {
  const { root, home, signal } = about;
  const lines: Line[] = [];
  for (const look of [
    () => lookAtPrograms(root),
    async () => lookAtEngine(root, signal),
    async () => lookAtMachine(home, signal),
    async () => lookAtFfmpeg(signal),
    () => lookAtLexicon(root),
    async () => lookAtFlow(root),
  ]) {
    const found = await look();
    tell(found);
    lines.push(...found);
  }
  return lines;
}

/** Word lists of the precheck: without them a prompt is rendered unchecked. */
function lookAtLexicon(root: string): readonly Line[] {
  const missing = missingLists(root);
  if (missing.length === 0) return [{ state: 'good', subject: 'lexicon', text: 'every word list of the precheck' }];
  const text = `${missing.join(', ')} missing: prompts are not checked for what they tell; restore resources/lexicon`;
  return [{ state: 'note', subject: 'lexicon', text }];
}
