import { writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Strike } from '../../app/contract/injection.ts';
import { PackMisfit } from './pack-graphs.ts';
import { openGraph, type Graph } from './runtime.ts';

/** One input X, float32 [1]; a Loop without an end: the native call never returns. */
const ENDLESS =
  'CAg64AEKnQEKAU0KAUMKAVgSAU8iBExvb3AqiAEKBGJvZHkyfQoVCgNjaW4SBGNvdXQiCElkZW50aXR5ChEKAXgSAnhvIghJZGVudGl0eRIBYloMCgJpdBIGCgQIBxIAWg0KA2NpbhIGCgQICRIAWg8KAXgSCgoICAESBAoCCAFiDgoEY291dBIGCgQICRIAYhAKAnhvEgoKCAgBEgQKAggBoAEFEgFnKg8QB0IBTUoIAAAAAAAAAEAqCBAJQgFDSgEBWg8KAVgSCgoICAESBAoCCAFiDwoBTxIKCggIARIECgIIAUIECgAQDQ==';
/** No input; asks for 4 TiB of floats: the runtime refuses cleanly. */
const TOO_LARGE =
  'CAg6SgobCgVzaGFwZRIBTyIPQ29uc3RhbnRPZlNoYXBlEgFnKh0IAhAHQgVzaGFwZUoQAAAQAAAAAAAAABAAAAAAAGIJCgFPEgQKAggBQgQKABAN';

/** Beyond what counts as a slow query (10 s), spread over the units that are left so that none of them looks hung. */
const SLOW_QUERY_MS = 11_000;
const SLOW_STEP_MS = 3_000;
/** Lets what was said before leave the process. */
const LAST_WORDS_MS = 50;

/** Names that break a unit of work instead of changing what it makes. */
type BreakName = Exclude<Strike['name'], 'message-lost'>;

/**
 * Break the unit of work that has just begun, for real: a signal, a native call that does not return, a refusal of the runtime.
 *
 * @param unitsLeft  of the stage, this one included
 */
export async function breakUnit(name: BreakName, unitsLeft: number): Promise<void> {
  switch (name) {
    case 'slow-query':
      return sleep(SLOW_QUERY_MS / unitsLeft);
    case 'slow-step':
      return sleep(SLOW_STEP_MS);
    case 'engine-crashed':
      return dieBy(() => process.kill(process.pid, 'SIGKILL'));
    case 'engine-aborted':
      return dieBy(() => process.abort());
    case 'engine-stopped':
      return dieBy(() => process.kill(process.pid, 'SIGSTOP'));
    case 'engine-threw':
      throw new Error('bug: thrown on purpose');
    case 'engine-hung':
      await sleep(LAST_WORDS_MS);
      return void (await (await hostileGraph('endless', ENDLESS)).run({ X: scalar }));
    case 'out-of-memory':
      return void (await (await hostileGraph('too-large', TOO_LARGE)).run({}));
    case 'provider-failed':
      // The graph takes one axis; the provider has to refuse two.
      return void (await (await hostileGraph('endless', ENDLESS)).run({ X: { ...scalar, shape: [1, 1] } }));
    case 'pack-misconfigured':
      throw new PackMisfit('a graph that does not fit its manifest, on purpose');
    default:
      throw new Error(`bug: ${name} does not strike a unit of work`);
  }
}

const scalar = { data: Float32Array.of(1), shape: [1] } as const;

async function dieBy(end: () => void): Promise<void> {
  await sleep(LAST_WORDS_MS);
  end();
}

/** Written into the engine's own folder: graphs are opened by path. */
async function hostileGraph(name: string, base64: string): Promise<Graph> {
  const path = `${name}.onnx`;
  await writeFile(path, Buffer.from(base64, 'base64'));
  return openGraph(path, 1);
}
