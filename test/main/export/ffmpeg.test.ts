import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { runFfmpeg } from '../../../main/export/ffmpeg.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steadyframe-ffmpeg-'));
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

/** How long what it starts lives on at most: no test leaves it behind for longer. */
const ORPHAN_SECONDS = 6;

it.runIf(process.platform !== 'win32')('waits for no process that a hanging script has left behind', async () => {
  // Catches an end that comes only when the last one who holds the pipe is gone: a wrapper that hangs would hold up the job for ever.
  const program = join(folder, 'ffmpeg');
  await writeFile(program, `#!/bin/sh\nsleep ${ORPHAN_SECONDS}\necho too late\n`);
  await chmod(program, 0o755);
  const startedMs = performance.now();
  const signal = new AbortController().signal;
  expect(await runFfmpeg({ program, args: [], signal, stallLimitMs: 500 })).toEqual({ kind: 'stalled', silentMs: 500 });
  expect(performance.now() - startedMs).toBeLessThan(ORPHAN_SECONDS * 1_000);
});
