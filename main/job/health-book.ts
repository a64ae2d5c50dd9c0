import { readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';

import { runHealth, type HealthEvent, type LogEntry, type RunHealth } from '../../app/contract/health.ts';
import type { JobEvent, JobId } from '../../app/contract/job.ts';
import { emptyHealth, foldHealth } from '../../app/monitor/run-health.ts';
import { makeFolder } from '../base/make-folder.ts';
import { replaceFile } from '../store/atomic-file.ts';
import { homePaths } from '../store/home.ts';

const pack = promisify(gzip);
const unpack = promisify(gunzip);

/** Health of the runs under way in memory, of the finished ones on disk. */
export class HealthBook implements AsyncDisposable {
  readonly #home: string;
  readonly #send: (event: HealthEvent) => void;
  readonly #open = new Map<JobId, RunHealth>();
  #writing: Promise<void> = Promise.resolve();

  constructor(home: string, send: (event: HealthEvent) => void) {
    this.#home = home;
    this.#send = send;
  }

  take(event: HealthEvent): void {
    this.#open.set(event.jobId, foldHealth(this.#open.get(event.jobId) ?? emptyHealth(event.jobId), event));
    this.#send(event);
  }

  /** What happens to a job is a line in its log; its end brings its health to disk. */
  takeJob(event: JobEvent): void {
    if (event.kind === 'removed') {
      this.#open.delete(event.jobId);
      this.#write(async () => rm(this.#path(event.jobId), { force: true }));
      return;
    }
    const entry = logEntryOf(event);
    if (!entry) return;
    const attempt = event.kind === 'attempt-started' ? event.attempt : (this.#open.get(event.jobId)?.attempt ?? 0);
    this.take({ kind: 'logged', jobId: event.jobId, attempt, atMs: Date.now(), entry });
    if (entry.kind === 'delivered' || entry.kind === 'ended') this.#close(event.jobId);
  }

  /** Null where nothing was kept: a run of an older program, or one whose file can't be read. */
  async read(jobId: JobId): Promise<RunHealth | null> {
    const open = this.#open.get(jobId);
    if (open) return open;
    await this.#writing;
    try {
      const value: unknown = deserialize(await unpack(await readFile(this.#path(jobId))));
      const parsed = runHealth.safeParse(value);
      return parsed.success ? parsed.data : null;
    } catch {
      return null;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writing;
  }

  #close(jobId: JobId): void {
    const health = this.#open.get(jobId);
    if (!health) return;
    this.#write(async () => {
      const path = this.#path(jobId);
      await makeFolder(dirname(path));
      await replaceFile(path, await pack(serialize(health)));
      this.#open.delete(jobId);
    });
  }

  /** One after the other. What can't be written stays in memory: the clip and its report do not hang on it. */
  #write(work: () => Promise<void>): void {
    this.#writing = this.#writing.then(work).catch(() => undefined);
  }

  #path(jobId: JobId): string {
    return homePaths(this.#home).health(jobId);
  }
}

function logEntryOf(event: JobEvent): LogEntry | null {
  switch (event.kind) {
    case 'attempt-started': {
      const { seed, rung, steps } = event;
      return { kind: 'attempt-started', seed, rung, steps };
    }
    case 'fault-found':
      return { kind: 'fault', fault: event.fault };
    case 'decided':
      return { kind: 'decision', decision: event.decision };
    case 'delivered':
      return { kind: 'delivered', grade: event.clip.grade };
    case 'cancelled':
    case 'failed':
    case 'interrupted':
      return { kind: 'ended', end: event.kind };
    default:
      return null;
  }
}
