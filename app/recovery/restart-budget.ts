/** Restart intensity: this many starts within the window, then the engine counts as broken. */
export const RESTART_LIMIT = 3;
export const RESTART_WINDOW_MS = 60_000;

/** Whether one more restart is allowed, given when the former ones happened. */
export function mayRestart(restartsAtMs: readonly number[], nowMs: number): boolean {
  return restartsAtMs.filter((atMs) => nowMs - atMs < RESTART_WINDOW_MS).length < RESTART_LIMIT;
}
