import type { EngineEvent } from '../../app/contract/engine.ts';
import type { FaultReport } from '../../app/contract/report.ts';
import type { EngineChild } from './engine-child.ts';

/** How a process ended, as far as the system and its own last words tell. */
export interface EngineExit {
  readonly code: number | null;
  readonly signal: string | null;
  /** First line of what the engine said before it ended itself, if it did. */
  readonly bug: string | null;
}

/** One life of the engine process. */
export interface Generation {
  readonly child: EngineChild;
  /** Set before we stop it ourselves: exit codes can't tell a stop from a crash. */
  isStopExpected: boolean;
  isReady: boolean;
  readonly startedMs: number;
  readonly ready: Promise<FaultReport | null>;
  readonly gone: Promise<EngineExit>;
  onEvent: (event: EngineEvent) => void;
}
