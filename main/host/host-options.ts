import type { EngineStatus } from '../../app/contract/route.ts';
import type { SpawnEngine } from './engine-child.ts';
import type { WorkEvent } from './attempt.ts';

export interface LoadedPack {
  readonly folder: string;
  readonly manifestText: string;
  /** In which all of its files were read here; absent where nobody measured it. */
  readonly readMs?: number;
}

export interface HostOptions {
  readonly spawn: SpawnEngine;
  readonly pack: LoadedPack;
  readonly threads: number;
  /** Where the engine is to compute; the processor by default. */
  readonly provider?: string;
  readonly onStatus: (status: EngineStatus) => void;
  /** Work of any attempt, for whoever looks on. */
  readonly onWork?: (event: WorkEvent) => void;
}

/** As the engine itself measured it. */
export type Device = Readonly<Record<'provider' | 'name' | 'runtimeVersion', string>>;
/** Before an engine was ready. */
export const NO_DEVICE: Device = { provider: 'none', name: '', runtimeVersion: 'unknown' };
