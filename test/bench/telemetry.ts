import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { MachineWatch } from '../../main/device/machine-watch.ts';
import { Telemetry } from '../../main/telemetry/telemetry.ts';

/**
 * What measuring costs by itself, in milliseconds of processor time for each second: sampler at its own rate with every
 * reader of this machine, judging, metrics, and a scrape each second. Run it on an idle machine:
 *
 *   node test/bench/telemetry.ts [SECONDS]
 */
const seconds = Number(process.argv[2] ?? 20);
const home = await mkdtemp(join(tmpdir(), 'steadyframe-overhead-'));

async function cost(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  const startedMs = performance.now();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / ((performance.now() - startedMs) / 1_000);
}

{
  await using telemetry = await Telemetry.open({ home, version: 'bench', commit: 'bench', metricsPort: 0 });
  const { metricsUrl } = telemetry.state();
  const idleMs = await cost(async () => setTimeout(seconds * 1_000));
  using machine = new MachineWatch({
    home,
    enginePid: () => process.pid,
    onSample: (sample) => telemetry.watcher.sample?.(sample),
  });
  using _run = machine.begin(join(home, 'clip.mp4'));
  // What is loaded and compiled once is not what it costs each second.
  await setTimeout(3_000);
  const samplingMs = await cost(async () => setTimeout(seconds * 1_000));
  const scrapedMs = await cost(async () => {
    for (let second = 0; second < seconds; second += 1) {
      await (await fetch(metricsUrl ?? '')).text();
      await setTimeout(1_000);
    }
  });
  const perSecond = (ms: number): string => `${(ms - idleMs).toFixed(2)} ms of processor time each second`;
  process.stdout.write(`sampling, judging, metrics   ${perSecond(samplingMs)}\n`);
  process.stdout.write(`and a scrape each second     ${perSecond(scrapedMs)} (client included)\n`);
}
{
  const LINES = 5_000;
  await using telemetry = await Telemetry.open({ home: join(home, 'log'), version: 'bench', commit: 'bench' });
  const startedMs = process.cpuUsage();
  for (let line = 0; line < LINES; line += 1)
    telemetry.log({
      level: 'info',
      action: 'stage.denoise',
      message: `denoise took ${line} ms`,
      tookMs: line,
      fields: { 'job.id': home, stage: 'denoise' },
    });
  await telemetry.flush();
  const { user, system } = process.cpuUsage(startedMs);
  process.stdout.write(
    `a log line                   ${((user + system) / LINES).toFixed(1)} µs, redacted, written and indexed for search\n`,
  );
}
await rm(home, { recursive: true, force: true });
