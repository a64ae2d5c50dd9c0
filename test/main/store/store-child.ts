import { DatabaseSync } from 'node:sqlite';

import { RunStore } from '../../../main/store/run-store.ts';
import { sampleRequest } from '../../app/sample-pack.ts';

/** A program that works on a run store and is killed in the middle of it. */
const [task = '', path = '', id = ''] = process.argv.slice(2);
if (task === 'lock') {
  const database = new DatabaseSync(path);
  database.exec('BEGIN EXCLUSIVE');
  process.stdout.write('locked\n');
  setTimeout(() => database.close(), 300);
}

const store = task === 'lock' ? null : new RunStore(path);

if (store && task === 'begin') {
  store.beginJob(
    { id, outPath: '/out/a.mp4', typedPrompt: 'a red ball', traceId: '0'.repeat(32) },
    { kind: 'queued', jobId: id, atMs: 1, request: sampleRequest },
  );
  store.appendLedger(id, { kind: 'checkpoint', attempt: 0, nextStep: 4, path: 'latents' });
  process.stdout.write('begun\n');
  setInterval(() => undefined, 1_000);
}
if (store && task === 'claim') {
  // Both have seen the dead owner before either of them acts.
  const job = store.jobs().find((one) => one.id === id);
  process.stdout.write('ready\n');
  process.stdin.once('data', () => {
    process.stdout.write(job && store.claimJob(job) ? 'mine\n' : 'not mine\n');
    // The owner lives on, so that the other can't take the job from a dead one.
    setTimeout(() => process.exit(0), 1_000);
  });
}
