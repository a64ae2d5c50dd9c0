import type { EngineCommand } from '../../app/contract/engine.ts';

/** A running engine process, whatever started it. Messages arrive unparsed: the host trusts no child. */
export interface EngineChild {
  readonly pid: number | undefined;
  post(command: EngineCommand): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once; the code alone says nothing about crash or stop (reference: exit codes lie). */
  onExit(listener: (exit: { readonly code: number | null; readonly signal: string | null }) => void): void;
  /** SIGKILL: a native call can't be interrupted in any other way. */
  kill(): void;
}

/** Starts the engine bundle in an empty working folder, so that no graph can reach a file by a relative path. */
export type SpawnEngine = (options: { readonly workFolder: string }) => EngineChild;
