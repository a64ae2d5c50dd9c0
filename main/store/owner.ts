import { readFileSync } from 'node:fs';

/** Names a running process for as long as it lives: the pid alone would be used again by another one. */
export function ownerToken(pid: number = process.pid): string {
  return `${pid}:${startTicks(pid) ?? 'unknown'}`;
}

export function isOwnerAlive(token: string): boolean {
  const [pidText = '', start] = token.split(':');
  const pid = Number(pidText);
  try {
    process.kill(pid, 0);
  } catch (cause) {
    // EPERM: it lives, under another user.
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EPERM')) return false;
  }
  return start === 'unknown' || start === startTicks(pid);
}

/** Start time of a process in clock ticks since boot (field 22 of its stat); null where the system doesn't tell. */
function startTicks(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in brackets and may hold spaces.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}
