import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { resourceSample, type GpuSample, type ResourceSample } from '../../../app/contract/resource.ts';
import { CardNumbers } from '../../../main/device/card-numbers.ts';
import { readFreeBytes, readMemory } from '../../../main/device/host-readings.ts';
import { mergeCards, ResourceSampler } from '../../../main/device/resource-sampler.ts';
import { calmGpu } from '../../app/monitor/sample-resources.ts';

const isLinux = process.platform === 'linux';
const patiently = { timeout: 15_000, interval: 20 };
let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steadyframe-sampler-'));
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

describe('on this machine', () => {
  it('reads what is there and leaves out what is not', async () => {
    const samples: ResourceSample[] = [];
    using sampler = new ResourceSampler({
      home: join(folder, 'not', 'there', 'yet'),
      intervalMs: 50,
      enginePid: () => process.pid,
      onSample: (sample) => samples.push(sample),
    });
    sampler.setOutput(join(folder, 'clip.mp4'));
    using _held = sampler.hold();
    await expect.poll(() => samples.length, patiently).toBeGreaterThan(2);
    const sample = resourceSample.parse(samples.at(-1));
    expect(sample).toEqual(sampler.latest);
    expect(sample.memory.availableBytes).toBeLessThan(sample.memory.totalBytes ?? 0);
    expect(sample.memory.mainResidentBytes).toBeGreaterThan(10_000_000);
    expect(sample.disk.homeFreeBytes).toBe(sample.disk.outputFreeBytes);
    expect(sample.processor.machineRatio).toBeGreaterThanOrEqual(0);
    expect(sample.processor.mainCores).toBeGreaterThanOrEqual(0);
    if (!isLinux) return;
    expect(sample.memory.engineResidentBytes).toBeGreaterThan(10_000_000);
    // The engine is this process here: two ways to the same figure.
    expect(Math.abs((sample.processor.engineCores ?? 9) - (sample.processor.mainCores ?? 0))).toBeLessThan(1);
  });

  it.runIf(isLinux)('sees a process at work, and nothing of one that is gone', async () => {
    const child = spawn(process.execPath, ['-e', 'for (;;) {}'], { stdio: 'ignore' });
    const samples: ResourceSample[] = [];
    using sampler = new ResourceSampler({
      ...{ home: folder, intervalMs: 200, openReaders: () => [] },
      enginePid: () => child.pid,
      onSample: (sample) => samples.push(sample),
    });
    using _held = sampler.hold();
    try {
      await expect.poll(() => samples.at(-1)?.processor.engineCores ?? 0, patiently).toBeGreaterThan(0.2);
    } finally {
      child.kill('SIGKILL');
    }
    await expect.poll(() => samples.at(-1)?.processor.engineCores, patiently).toBeNull();
    expect(samples.at(-1)?.memory.engineResidentBytes).toBeNull();
  });
});

describe('holding', () => {
  it('samples while somebody holds it, and closes its readers with the last one', async () => {
    let [openCount, sampleCount] = [0, 0];
    const sampler = new ResourceSampler({
      ...{ home: folder, intervalMs: 5, enginePid: () => undefined },
      onSample: () => void (sampleCount += 1),
      openReaders: () => {
        openCount += 1;
        return [{ read: () => [calmGpu], [Symbol.dispose]: () => void (openCount -= 1) }];
      },
    });
    const [job, panel] = [sampler.hold(), sampler.hold()];
    await expect.poll(() => sampleCount, patiently).toBeGreaterThan(0);
    expect(sampler.latest?.gpus).toEqual([calmGpu]);
    job[Symbol.dispose]();
    job[Symbol.dispose]();
    expect(openCount).toBe(1);
    panel[Symbol.dispose]();
    expect(openCount).toBe(0);
    using _again = sampler.hold();
    expect(openCount).toBe(1);
  });
});

describe('merging answers', () => {
  const other: GpuSample = { ...calmGpu, id: 'luid', vendor: 'other' };
  it.each<[string, readonly (readonly GpuSample[] | null)[], readonly GpuSample[] | null]>([
    ['nobody answers', [null, null], null],
    ['one says none, one says nothing', [[], null], []],
    ['the maker’s own tool goes first', [[calmGpu], [other]], [calmGpu]],
    ['Windows tells of what no tool knows', [[], [other]], [other]],
  ])('%s', (_name, answers, expected) => expect(mergeCards(answers)).toEqual(expected));
});

describe('numbers of cards', () => {
  const card = (id: string, index: number, vendor: GpuSample['vendor']): GpuSample => ({
    ...calmGpu,
    id,
    index,
    vendor,
  });
  const [nvidia, amd] = [card('GPU-1', 0, 'nvidia'), card('0000:03:00.0', 0, 'amd')];
  const numbersOf = (answers: ReturnType<CardNumbers['give']>) =>
    mergeCards(answers)?.map(({ id, index }) => `${id} ${index}`);

  it('are each one card’s, as metrics know them by nothing else, and stay', () => {
    const numbers = new CardNumbers();
    expect(numbersOf(numbers.give([[nvidia], [amd]]))).toEqual(['GPU-1 0', '0000:03:00.0 1']);
    expect(numbersOf(numbers.give([null, [amd]]))).toEqual(['0000:03:00.0 1']);
    expect(numbersOf(numbers.give([[nvidia, card('GPU-2', 1, 'nvidia')], [amd]]))).toEqual([
      ...['GPU-1 0', 'GPU-2 2', '0000:03:00.0 1'],
    ]);
  });

  it('are those of the maker’s own tool where nobody else counts', () => {
    const numbers = new CardNumbers();
    expect(numbersOf(numbers.give([[], [amd]]))).toEqual(['0000:03:00.0 0']);
    expect(numbersOf(numbers.give([[], [card('luid_7', 3, 'other')]]))).toEqual(['luid_7 3']);
  });

  it('wait for a tool that is slow to start, but not for ever', () => {
    const slow = new CardNumbers();
    expect(numbersOf(slow.give([null, [amd]]))).toEqual([]);
    expect(numbersOf(slow.give([[nvidia], [amd]]))).toEqual(['GPU-1 0', '0000:03:00.0 1']);
    const silent = new CardNumbers();
    for (let look = 0; look < 10; look += 1) silent.give([null, [amd]]);
    expect(numbersOf(silent.give([null, [amd]]))).toEqual(['0000:03:00.0 0']);
  });
});

describe('a container', () => {
  const put = async (path: string, text: string): Promise<void> => {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), text);
  };
  const paths = () => ({ proc: join(folder, 'proc'), cgroup: join(folder, 'cgroup') });
  const meminfo = 'MemTotal: 1000000 kB\nMemAvailable: 900000 kB\n';

  it('of version 2 is found below its own path', async () => {
    await put('proc/meminfo', meminfo);
    await put('proc/self/cgroup', '0::/app\n');
    await put('cgroup/app/memory.max', '1000\n');
    await put('cgroup/app/memory.current', '600\n');
    expect(await readMemory(paths())).toEqual({ totalBytes: 1_000, availableBytes: 400 });
  });

  it('is held to what a group above it allows', async () => {
    await put('proc/meminfo', meminfo);
    await put('proc/self/cgroup', '0::/kubepods/pod7/app\n');
    await put('cgroup/kubepods/pod7/app/memory.max', 'max\n');
    await put('cgroup/kubepods/pod7/app/memory.current', '600\n');
    await put('cgroup/kubepods/pod7/memory.max', '5000\n');
    await put('cgroup/kubepods/pod7/memory.current', '4500\n');
    await put('cgroup/kubepods/memory.max', '8000\n');
    await put('cgroup/kubepods/memory.current', '7900\n');
    await put('cgroup/kubepods/memory.stat', 'inactive_file 200\n');
    expect(await readMemory(paths())).toEqual({ totalBytes: 5_000, availableBytes: 300 });
  });

  it('never looks outside of where the groups are mounted', async () => {
    await put('proc/meminfo', meminfo);
    await put('proc/self/cgroup', '0::/../other\n');
    await put('other/memory.max', '1000\n');
    await put('cgroup/memory.max', '3000\n');
    await put('cgroup/memory.current', '1000\n');
    expect(await readMemory(paths())).toEqual({ totalBytes: 3_000, availableBytes: 2_000 });
  });

  it('of version 1 is found where the path is the host’s', async () => {
    await put('proc/meminfo', meminfo);
    await put('proc/self/cgroup', '4:memory:/docker/123\n0::/\n');
    await put('cgroup/memory/memory.limit_in_bytes', '2000\n');
    await put('cgroup/memory/memory.usage_in_bytes', '500\n');
    expect(await readMemory(paths())).toEqual({ totalBytes: 2_000, availableBytes: 1_500 });
  });
});

it('asks the nearest folder that is there for free space', async () => {
  const here = await readFreeBytes(folder);
  expect(here).toBeGreaterThan(0);
  expect(await readFreeBytes(join(folder, 'a', 'b', 'c.mp4'))).toBeGreaterThan(0);
});
