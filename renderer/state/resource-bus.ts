import { useSyncExternalStore } from 'react';

import type { ResourceSample } from '../../app/contract/resource.ts';

/** Samples that are kept for the small curves: two minutes at one a second. */
export const KEPT_SAMPLES = 120;

/** The machine's readings on their way to the gauges: newest last. */
export class ResourceBus {
  #samples: readonly ResourceSample[] = [];
  readonly #listeners = new Set<() => void>();

  publish(sample: ResourceSample): void {
    this.#samples = [...this.#samples, sample].slice(-KEPT_SAMPLES);
    for (const listener of this.#listeners) listener();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  readonly samples = (): readonly ResourceSample[] => this.#samples;
}

export const resourceBus = new ResourceBus();

export const useResources = (): readonly ResourceSample[] =>
  useSyncExternalStore(resourceBus.subscribe, resourceBus.samples);
