import { arch, availableParallelism, cpus, platform, release } from 'node:os';

import type { ResourceSample } from '../../app/contract/resource.ts';

/** What a stranger has to know of machine and program to understand a report. */
export function deviceFacts(
  build: { readonly version: string; readonly commit: string },
  newest: ResourceSample | null,
): Readonly<Record<string, unknown>> {
  const { node, electron, v8 } = process.versions;
  return {
    program: build,
    system: { platform: platform(), release: release(), arch: arch() },
    runtime: { node, electron: electron ?? null, v8 },
    processor: { model: cpus()[0]?.model.trim() ?? null, cores: availableParallelism() },
    resources: newest,
  };
}
