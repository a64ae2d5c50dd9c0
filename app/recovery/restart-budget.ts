/** Restart intensity: this many restarts within the window, then the engine counts as broken. */
export const RESTART_LIMIT = 3;
export const RESTART_WINDOW_MS = 60_000;

/** Whether one more engine may be started, given when the former ones failed. */
export function mayRestart(failuresAtMs: readonly number[], nowMs: number): boolean {
  return failuresAtMs.filter((atMs) => nowMs - atMs < RESTART_WINDOW_MS).length <= RESTART_LIMIT;
}
