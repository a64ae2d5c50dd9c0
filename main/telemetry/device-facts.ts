import { arch, availableParallelism, cpus, platform, release } from 'node:os';

import type { ResourceSample } from '../../app/contract/resource.ts';
import { readFreeBytes, readMemory, systemPaths } from '../device/host-readings.ts';
import { runFfmpeg } from '../export/ffmpeg.ts';
import { findTool, type ToolName } from '../export/tools.ts';
import type { Pack, PackFault } from '../pack/pack-store.ts';
import { build } from './build.ts';

export interface DeviceSources {
  readonly home: string;
  readonly packs: readonly Pack[];
  readonly packFaults: readonly PackFault[];
  /** The last look at the machine; null where nobody looked. */
  readonly newest: ResourceSample | null;
}

/** What a stranger has to know of machine and program to understand a report. What can't be read is null. */
export async function deviceFacts({
  home,
  packs,
  packFaults,
  newest,
}: DeviceSources): Promise<Readonly<Record<string, unknown>>> {
  const { node, electron, v8 } = process.versions;
  const [memory, homeFreeBytes, ffmpeg, ffprobe] = await Promise.all([
    readMemory(systemPaths),
    readFreeBytes(home),
    toolFacts('ffmpeg'),
    toolFacts('ffprobe'),
  ]);
  return {
    program: build,
    system: { platform: platform(), release: release(), arch: arch() },
    runtime: { node, electron: electron ?? null, v8 },
    processor: { model: cpus()[0]?.model.trim() ?? null, cores: availableParallelism() },
    memory,
    disk: { homeFreeBytes },
    tools: { ffmpeg, ffprobe },
    packs: [
      ...packs.map(({ manifest: { id, version }, sha256, isEmbedded }) => ({
        ...{ id, version, sha256, isEmbedded },
        problem: packFaults.find((fault) => fault.id === id)?.detail ?? null,
      })),
      ...packFaults
        .filter(({ id }) => !packs.some(({ manifest }) => manifest.id === id))
        .map(({ id, detail }) => ({ id, version: null, sha256: null, isEmbedded: null, problem: detail })),
    ],
    resources: newest,
  };
}

const ANSWER_LIMIT_MS = 10_000;

async function toolFacts(name: ToolName): Promise<Readonly<Record<string, unknown>> | null> {
  const tool = findTool(name);
  if (!tool) return null;
  const signal = AbortSignal.timeout(ANSWER_LIMIT_MS);
  const end = await runFfmpeg({ program: tool.path, args: ['-version'], signal, stallLimitMs: ANSWER_LIMIT_MS });
  const version = end.kind === 'done' ? (/version (\S+)/.exec(end.output)?.[1] ?? null) : null;
  return { ...tool, version };
}
