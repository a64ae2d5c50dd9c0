import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { expect, it } from 'vitest';

import { WHOLE_DECODE } from '../../../app/contract/engine.ts';
import { EngineHost } from '../../../main/host/engine-host.ts';
import { spawnEngineFrom } from '../../../main/host/node-child.ts';
import { writeTinyPack } from '../../fixture/tiny-pack.ts';

const enginePath = resolve(import.meta.dirname, '..', '..', '..', 'main', 'engine', 'index.ts');
const plan = {
  ...{ prompt: 'a red cat walks', negative: '', seed: 1, widthPx: 64, heightPx: 32, frameCount: 5, steps: 2 },
  ...{ solver: 'unipc' as const, maskedExperts: [], experts: null, decode: WHOLE_DECODE, window: null },
};

it('a cancel that comes too late for its attempt does not end the next one of the same job', async () => {
  // Catches a cure that is cancelled by the word that was meant for the attempt before it.
  const folder = await mkdtemp(join(tmpdir(), 'steadyframe-cancel-'));
  await writeTinyPack(folder);
  const manifestText = await readFile(join(folder, 'pack.json'), 'utf8');
  {
    await using host = new EngineHost({
      spawn: (options) => spawnEngineFrom(enginePath, options),
      pack: { folder, manifestText },
      threads: 1,
      onStatus: () => undefined,
    });
    const order = (attempt: number) => ({ jobId: 'job', attempt, plan, resume: null, injections: [] });
    const abort = new AbortController();
    const first = await host.run(
      order(0),
      // The engine is through with it, and the word is sent all the same.
      ({ kind }) => kind === 'attempt-done' && abort.abort(),
      abort.signal,
    );
    expect(first.kind).toBe('done');
    expect((await host.run(order(1), () => undefined, new AbortController().signal)).kind).toBe('done');
  }
  await rm(folder, { recursive: true, force: true });
}, 60_000);
