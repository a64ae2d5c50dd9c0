import { z } from 'zod';

/** A reading that could not be had is null, never 0. */
const figure = z.number().nullable();

export const gpuVendors = ['nvidia', 'amd', 'other'] as const;

/** Why a GPU runs slower than it could; the vendors' own reasons under one name each. */
export const throttleReasons = [
  'idle',
  'power',
  'thermal',
  'hardware',
  'power-brake',
  'sync-boost',
  'application-clocks',
  'other',
] as const;
export const throttleReason = z.enum(throttleReasons);
export type ThrottleReason = z.infer<typeof throttleReason>;

export const gpuSample = z.strictObject({
  /** The same for one card in every sample of one run: `GPU-…` of NVIDIA, the PCI address of AMD, the LUID on Windows. */
  id: z.string(),
  /** The label in metrics: the number that its own tools give it, unless another card has that one. */
  index: z.int().nonnegative(),
  name: z.string(),
  vendor: z.enum(gpuVendors),
  /** The driver says that the card no longer answers. */
  isLost: z.boolean(),
  memoryUsedBytes: figure,
  memoryTotalBytes: figure,
  /** Of the memory in use: our engine's share. */
  ownMemoryBytes: figure,
  /** 0..1 of the last interval in which the card was at work. */
  utilizationRatio: figure,
  temperatureCelsius: figure,
  /** Where the vendor begins to slow the card down. */
  temperatureLimitCelsius: figure,
  powerWatts: figure,
  powerLimitWatts: figure,
  clockHertz: figure,
  memoryClockHertz: figure,
  pcieReceiveBytesPerSecond: figure,
  pcieTransmitBytesPerSecond: figure,
  /** Null where the card doesn't tell; empty where nothing holds it back. */
  throttle: z.array(throttleReason).readonly().nullable(),
});
export type GpuSample = z.infer<typeof gpuSample>;

/** What one look at the machine found. */
export const resourceSample = z.strictObject({
  /** Milliseconds since 1970. */
  atMs: z.number(),
  /** Null where no reader answered, so that silence is not taken for a machine without a GPU. */
  gpus: z.array(gpuSample).readonly().nullable(),
  processor: z.strictObject({
    /** 0..1 of all cores since the last sample. */
    machineRatio: figure,
    /** In cores: 2 is two cores fully at work. */
    engineCores: figure,
    mainCores: figure,
  }),
  memory: z.strictObject({
    /** The machine's, or the container's where that allows less. */
    totalBytes: figure,
    /** What could be had without swapping. */
    availableBytes: figure,
    engineResidentBytes: figure,
    mainResidentBytes: figure,
  }),
  disk: z.strictObject({
    /** For settings, runs, latents. */
    homeFreeBytes: figure,
    /** Where the clip of the current job goes; null while there is none. */
    outputFreeBytes: figure,
  }),
});
export type ResourceSample = z.infer<typeof resourceSample>;

/** From where on a reading is a fault. */
export const resourceLimits = z.strictObject({
  vramRatio: z.number().min(0.1).max(1),
  ramRatio: z.number().min(0.1).max(1),
  /** So many samples in a row have to say so. */
  sampleCount: z.int().min(1).max(60),
  /** Used where a card doesn't tell its own limit. */
  temperatureCelsius: z.number().min(30).max(120),
  /** How far from its own mean a reading may swing, in standard deviations. */
  swingSigmas: z.number().min(1).max(10),
  diskFreeBytes: z.number().nonnegative(),
});
export type ResourceLimits = z.infer<typeof resourceLimits>;

export const latencyLimits = z.strictObject({
  /** A run that takes longer is a slow query. */
  slowQueryMs: z.number().positive(),
  /** A unit of work that takes so many times the run's own median is a stall. */
  stallFactor: z.number().min(1.5).max(100),
});
export type LatencyLimits = z.infer<typeof latencyLimits>;

/** Highest readings of one run; null where there was none. */
export const resourcePeaks = z.strictObject({
  vramPeakRatio: figure,
  rssPeakBytes: figure,
  temperaturePeakC: figure,
  powerPeakW: figure,
});
export type ResourcePeaks = z.infer<typeof resourcePeaks>;
