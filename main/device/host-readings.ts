import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { cpus, freemem, totalmem } from 'node:os';
import { dirname, join } from 'node:path';

import type { ResourceSample } from '../../app/contract/resource.ts';
import {
  parseCgroup,
  parseMemory,
  parseProcessTicks,
  parseResident,
  type MemoryFigures,
} from '../../app/monitor/resource-linux.ts';
import { readText } from './small-file.ts';

/** The unit of /proc/PID/stat, the same on every Linux that Node runs on (USER_HZ). */
const TICKS_PER_SECOND = 100;

export interface HostPaths {
  readonly proc: string;
  /** Where the container's limits lie. */
  readonly cgroup: string;
}
export const systemPaths: HostPaths = { proc: '/proc', cgroup: '/sys/fs/cgroup' };

/** Memory of machine or container. Elsewhere than on Linux the system's own two figures. */
export async function readMemory({ proc, cgroup }: HostPaths): Promise<MemoryFigures> {
  const meminfo = await readText(join(proc, 'meminfo'));
  if (meminfo === null) return { totalBytes: totalmem(), availableBytes: freemem() };
  const [limitName, usageName, folders] = groupFolders((await readText(join(proc, 'self', 'cgroup'))) ?? '', cgroup);
  const groups = await Promise.all(
    folders.map(async (folder) => {
      const [limit, usage, stat] = await Promise.all(
        [limitName, usageName, 'memory.stat'].map(async (name) => readText(join(folder, name))),
      );
      return { limit: limit ?? null, usage: usage ?? null, stat: stat ?? null };
    }),
  );
  return parseMemory({ meminfo, groups });
}

/**
 * The folder of our own group and those above it, up to the mount. Inside a container the own folder is mounted as the
 * root: the path in /proc/self/cgroup is the host's, and nothing of it is there.
 */
function groupFolders(text: string, root: string): readonly [limit: string, usage: string, readonly string[]] {
  const found = parseCgroup(text);
  const isLegacy = found?.version === 1;
  const base = isLegacy ? join(root, 'memory') : root;
  const parts = found?.path.split('/').filter(Boolean) ?? [];
  // A path that leads out of the mount is another namespace's.
  const ways = parts.includes('..') ? [[]] : [...parts.keys()].map((i) => parts.slice(0, i + 1)).concat([[]]);
  const folders = found ? ways.map((way) => join(base, ...way)).filter((folder) => existsSync(folder)) : [];
  return isLegacy
    ? ['memory.limit_in_bytes', 'memory.usage_in_bytes', folders]
    : ['memory.max', 'memory.current', folders];
}

/** Free bytes for this user at a place, or at the nearest folder above it that is there. */
export async function readFreeBytes(place: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(place);
    return bavail * bsize;
  } catch {
    const above = dirname(place);
    return above === place || existsSync(place) ? null : readFreeBytes(above);
  }
}

interface Times {
  readonly atMs: number;
  readonly busyMs: number;
  readonly allMs: number;
  readonly engine: { readonly pid: number; readonly cpuMs: number } | null;
  readonly mainCpuMs: number;
}

/** Shares of the processor between two looks; null at the first one. */
export class ProcessorReader {
  readonly #proc: string;
  #last: Times | null = null;

  constructor({ proc }: Pick<HostPaths, 'proc'>) {
    this.#proc = proc;
  }

  async read(enginePid: number | undefined): Promise<ResourceSample['processor']> {
    const last = this.#last;
    const now = await this.#look(enginePid);
    this.#last = now;
    if (!last || now.atMs <= last.atMs) return { machineRatio: null, engineCores: null, mainCores: null };
    const elapsedMs = now.atMs - last.atMs;
    const allMs = now.allMs - last.allMs;
    const isSameEngine = now.engine && last.engine && now.engine.pid === last.engine.pid;
    return {
      machineRatio: allMs > 0 ? Math.min(1, (now.busyMs - last.busyMs) / allMs) : null,
      engineCores:
        isSameEngine && now.engine && last.engine ? (now.engine.cpuMs - last.engine.cpuMs) / elapsedMs : null,
      mainCores: (now.mainCpuMs - last.mainCpuMs) / elapsedMs,
    };
  }

  async #look(enginePid: number | undefined): Promise<Times> {
    let [busyMs, allMs] = [0, 0];
    for (const { times } of cpus()) {
      const coreMs = times.user + times.nice + times.sys + times.irq + times.idle;
      allMs += coreMs;
      busyMs += coreMs - times.idle;
    }
    const stat = enginePid === undefined ? null : await readText(join(this.#proc, String(enginePid), 'stat'));
    const ticks = stat === null ? null : parseProcessTicks(stat);
    const { user, system } = process.cpuUsage();
    return {
      atMs: performance.now(),
      busyMs,
      allMs,
      engine:
        enginePid === undefined || ticks === null
          ? null
          : { pid: enginePid, cpuMs: (ticks / TICKS_PER_SECOND) * 1_000 },
      mainCpuMs: (user + system) / 1_000,
    };
  }
}

/** Resident memory of a process; null where it is gone or the system doesn't tell. */
export async function readResident(pid: number | undefined, { proc }: Pick<HostPaths, 'proc'>): Promise<number | null> {
  const status = pid === undefined ? null : await readText(join(proc, String(pid), 'status'));
  return status === null ? null : parseResident(status);
}
