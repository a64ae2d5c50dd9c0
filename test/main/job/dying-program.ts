import { RunStore } from '../../../main/store/run-store.ts';
import { sampleRequest } from '../../app/sample-pack.ts';

/** A program that has taken a job and is killed before it does anything about it. */
const [store = '', id = '', outPath = ''] = process.argv.slice(2);
const request = { ...sampleRequest, packId: 'tiny', rung: 'quick', frameCount: 5, steps: 4 };
new RunStore(store).beginJob(
  { id, outPath, typedPrompt: request.prompt, traceId: '0'.repeat(32) },
  { kind: 'queued', jobId: id, atMs: 1, request },
);
process.stdout.write('begun\n');
setInterval(() => undefined, 1_000);
