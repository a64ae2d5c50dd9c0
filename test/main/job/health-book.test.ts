import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { HealthEvent } from '../../../app/contract/health.ts';
import { HealthBook } from '../../../main/job/health-book.ts';
import { homePaths } from '../../../main/store/home.ts';
import { framesEvent, stepEvent } from '../../fixture/health.ts';

const JOB = 'c0ffee00-0000-4000-8000-000000000001';
let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'steadyframe-health-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** A book in which one run was written from first step to its end. */
async function writtenBook(told: HealthEvent[] = []): Promise<HealthBook> {
  const book = new HealthBook(home, (event) => told.push(event));
  book.takeJob({ kind: 'attempt-started', jobId: JOB, attempt: 0, seed: 7, rung: 'full', frameCount: 6, steps: 8 });
  book.take(stepEvent(0, { level: 200 }));
  book.take(framesEvent([0, 1]));
  book.takeJob({ kind: 'cancelled', jobId: JOB });
  await book[Symbol.asyncDispose]();
  return book;
}

describe('health book', () => {
  it('tells what it hears, job events as lines of the log', async () => {
    const told: HealthEvent[] = [];
    await writtenBook(told);
    expect(told.map(({ kind }) => kind)).toEqual(['logged', 'step', 'frames', 'logged']);
  });

  it('knows a finished run after a restart, maps and arrows included', async () => {
    await writtenBook();
    const health = await new HealthBook(home, () => undefined).read(JOB);
    expect(health?.map?.levels).toEqual(new Uint8Array(4).fill(200));
    expect(health?.frames[1]?.arrows?.vectorsPx).toEqual(Float32Array.of(1, -1));
    expect(health?.log.map(({ entry }) => entry.kind)).toEqual(['attempt-started', 'ended']);
  });

  it('forgets what is removed', async () => {
    const book = await writtenBook();
    book.takeJob({ kind: 'removed', jobId: JOB });
    expect(await book.read(JOB)).toBeNull();
    expect(existsSync(homePaths(home).health(JOB))).toBe(false);
  });

  it('says nothing where a file is damaged', async () => {
    await writtenBook();
    writeFileSync(homePaths(home).health(JOB), 'not what it was');
    expect(await new HealthBook(home, () => undefined).read(JOB)).toBeNull();
  });
});
