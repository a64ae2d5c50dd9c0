import { useEffect, useState } from 'react';

const SECOND_MS = 1_000;

/** Whole seconds up to a moment, told as they pass; null without one. */
export function useSecondsLeft(deadlineMs: number | null): number | null {
  const [nowMs, setNowMs] = useState(Date.now);
  useEffect(() => {
    if (deadlineMs === null) return;
    const timer = setInterval(() => setNowMs(Date.now()), SECOND_MS / 4);
    return () => clearInterval(timer);
  }, [deadlineMs]);
  return deadlineMs === null ? null : Math.max(0, Math.ceil((deadlineMs - nowMs) / SECOND_MS));
}
