import type { GpuSample } from '../../app/contract/resource.ts';

/** One source of readings of GPUs. It works in the background; asking it costs nothing. */
export interface GpuReader extends Disposable {
  /** The newest readings; empty where there is no such card; null while nothing is known. */
  read(enginePid: number | undefined): readonly GpuSample[] | null;
}
