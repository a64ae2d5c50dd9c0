/** A group's texts below /sys/fs/cgroup; null where a file is not there. */
export interface GroupFiles {
  /** `memory.max` of version 2, `memory.limit_in_bytes` of version 1. */
  readonly limit: string | null;
  readonly usage: string | null;
  readonly stat: string | null;
}

/** Texts below /proc and /sys/fs/cgroup. */
export interface MemoryFiles {
  readonly meminfo: string | null;
  /** Our own group and every one above it: each of them can be the one that allows least. */
  readonly groups: readonly GroupFiles[];
}

export interface MemoryFigures {
  readonly totalBytes: number | null;
  readonly availableBytes: number | null;
}

/**
 * What the machine, or the container around us where that allows less, has and could give without swapping. Files that
 * lie in a container's cache count as available: the kernel drops them when memory is asked for.
 */
export function parseMemory({ meminfo, groups }: MemoryFiles): MemoryFigures {
  const totalBytes = kibOf(meminfo, 'MemTotal');
  const availableBytes = kibOf(meminfo, 'MemAvailable');
  // Version 1 says "no limit" by a number near 2^63, version 2 by the word "max".
  const limited = groups.flatMap(({ limit, ...files }) => {
    const limitBytes = numberOf(limit);
    return limitBytes === null || (totalBytes !== null && limitBytes >= totalBytes) ? [] : [{ limitBytes, ...files }];
  });
  const left = limited.map(({ limitBytes, usage, stat }) => {
    const usedBytes = numberOf(usage);
    return usedBytes === null ? null : Math.max(0, limitBytes - usedBytes + cacheOf(stat));
  });
  return {
    totalBytes: least([totalBytes, ...limited.map(({ limitBytes }) => limitBytes)]),
    availableBytes: least([availableBytes, ...left]),
  };
}

/** Version 1 has the group's own share first and that of all below it later; what counts is what the usage counts, which is all. */
const cacheOf = (stat: string | null): number =>
  Number((/^total_inactive_file (\d+)$/m.exec(stat ?? '') ?? /^inactive_file (\d+)$/m.exec(stat ?? ''))?.[1] ?? 0);

function least(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length > 0 ? Math.min(...known) : null;
}

function kibOf(text: string | null, name: string): number | null {
  const kib = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text ?? '')?.[1];
  return kib === undefined ? null : Number(kib) * 1024;
}

const numberOf = (text: string | null): number | null =>
  text !== null && /^\d+$/.test(text.trim()) ? Number(text) : null;

/** Where this process' memory is limited, from /proc/self/cgroup; the path is relative to the controller's mount. */
export function parseCgroup(text: string): { readonly version: 1 | 2; readonly path: string } | null {
  const legacy = /^\d+:(?:[^:\n]*,)?memory(?:,[^:\n]*)?:(.*)$/m.exec(text)?.[1];
  if (legacy !== undefined) return { version: 1, path: legacy };
  const unified = /^0::(.*)$/m.exec(text)?.[1];
  return unified === undefined ? null : { version: 2, path: unified };
}

/** Clock ticks that all threads of a process were at work, from /proc/PID/stat; null where the text is no such line. */
export function parseProcessTicks(stat: string): number | null {
  // The second field is the program's name in brackets and may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user, system] = [fields[11], fields[12]];
  if (user === undefined || system === undefined || !/^\d+$/.test(user) || !/^\d+$/.test(system)) return null;
  return Number(user) + Number(system);
}

/** Resident bytes from /proc/PID/status. */
export const parseResident = (status: string): number | null => kibOf(status, 'VmRSS');
