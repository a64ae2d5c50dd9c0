import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { GpuSample } from '../../../app/contract/resource.ts';
import { NvidiaReader } from '../../../main/device/nvidia.ts';
import { replaceFile } from '../../../main/store/atomic-file.ts';

const MIB = 1024 ** 2;
const card = {
  uuid: 'GPU-6d1a3b1c-0000-4a5e-9b2a-000000000000',
  name: 'NVIDIA GeForce RTX 4090',
  'pci.bus_id': '00000000:01:00.0',
  'memory.used': '5120',
  'memory.total': '24564',
  'utilization.gpu': '97',
  'temperature.gpu': '71',
  'power.draw': '384.21',
  'enforced.power.limit': '450.00',
  'clocks.current.graphics': '2610',
  'clocks.current.memory': '10501',
  'clocks_throttle_reasons.active': '0x0000000000000004',
};
const tables = {
  dmon: '# gpu  rxpci  txpci \n# Idx   MB/s   MB/s \n    0    212     36 \n',
  pmon: `# gpu         pid  type    fb  ccpm  command\n# Idx           #   C/G    MB    MB  name\n    0       ${process.pid}     C  4096     0  node\n    0        4242     G   300     0  Xorg\n`,
  temperature: [
    '\n==============NVSMI LOG==============\n',
    'GPU 00000000:01:00.0',
    '    Temperature',
    '        GPU Current Temp                  : 71 C',
    '        GPU T.Limit Temp                  : N/A',
    '        GPU Shutdown Temp                 : 97 C',
    '        GPU Slowdown Temp                 : 94 C',
    '        GPU Max Operating Temp            : 90 C\n',
  ].join('\n'),
};

let folder = '';
let program = '';
let reader: NvidiaReader | null = null;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steadyframe-smi-'));
  const script = resolve(import.meta.dirname, '..', '..', 'fixture', 'nvidia-smi.ts');
  program = join(folder, 'nvidia-smi');
  await writeFile(program, `#!/bin/sh\nexec ${process.execPath} ${script} ${folder} "$@"\n`);
  await chmod(program, 0o755);
});
afterEach(async () => {
  reader?.[Symbol.dispose]();
  reader = null;
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

const plays = async (scenario: object): Promise<void> =>
  replaceFile(join(folder, 'scenario.json'), JSON.stringify({ ...tables, ...scenario }));

async function open(scenario: object, intervalMs = 1_000): Promise<NvidiaReader> {
  await plays(scenario);
  reader = new NvidiaReader({ intervalMs, program, firstWaitMs: 20 });
  return reader;
}
const patiently = { timeout: 15_000, interval: 20 };
const firstOf = (from: NvidiaReader): GpuSample | undefined => from.read(process.pid)?.[0];

describe('a card that tells everything', () => {
  it('is read in base units, with traffic and with our own share of its memory', async () => {
    const opened = await open({ cards: { 0: card } });
    await expect.poll(() => firstOf(opened)?.pcieReceiveBytesPerSecond, patiently).toBe(212e6);
    await expect.poll(() => firstOf(opened)?.ownMemoryBytes, patiently).toBe(4096 * MIB);
    await expect.poll(() => firstOf(opened)?.temperatureLimitCelsius, patiently).toBe(94);
    expect(firstOf(opened)).toEqual({
      ...{ id: card.uuid, index: 0, name: card.name, vendor: 'nvidia', isLost: false },
      ...{ memoryUsedBytes: 5120 * MIB, memoryTotalBytes: 24_564 * MIB, ownMemoryBytes: 4096 * MIB },
      ...{ utilizationRatio: 0.97, temperatureCelsius: 71, temperatureLimitCelsius: 94 },
      ...{ powerWatts: 384.21, powerLimitWatts: 450, clockHertz: 2.61e9, memoryClockHertz: 10.501e9 },
      ...{ pcieReceiveBytesPerSecond: 212e6, pcieTransmitBytesPerSecond: 36e6, throttle: ['power'] },
    });
    expect(opened.read(1)?.[0]?.ownMemoryBytes).toBe(0);
    expect(opened.read(undefined)?.[0]?.ownMemoryBytes).toBeNull();
  });

  it('costs three processes and one question, however long it is looked at', async () => {
    const opened = await open({ cards: { 0: card } });
    await expect.poll(() => firstOf(opened)?.temperatureCelsius, patiently).toBe(71);
    await plays({ cards: { 0: { ...card, 'temperature.gpu': '72' } } });
    await expect.poll(() => firstOf(opened)?.temperatureCelsius, patiently).toBe(72);
    // By then each of them runs.
    await expect.poll(() => firstOf(opened)?.ownMemoryBytes, patiently).toBe(4096 * MIB);
    await expect.poll(() => firstOf(opened)?.pcieReceiveBytesPerSecond, patiently).toBe(212e6);
    await expect.poll(() => firstOf(opened)?.temperatureLimitCelsius, patiently).toBe(94);
    const calls = (await readFile(join(folder, 'calls.log'), 'utf8')).trim().split('\n');
    expect(calls.map((line) => line.slice(0, 6)).toSorted()).toEqual(['--quer', '-q -d ', 'dmon -', 'pmon -']);
  });
});

describe('what can not be read is null, never 0', () => {
  it.each(['[N/A]', '[Not Supported]', '[Unknown Error]', 'ERR!', '', '-'])('%j', async (nothing) => {
    const mute = Object.fromEntries(Object.keys(card).map((field) => [field, nothing]));
    const named = { ...mute, uuid: card.uuid, name: 'Tesla T4', 'temperature.gpu.tlimit': nothing };
    const opened = await open({
      cards: { 0: named },
      dmon: tables.dmon.replace('212     36', '-      -'),
      pmon: '',
      temperature: '',
    });
    await expect.poll(() => firstOf(opened)?.name, patiently).toBe('Tesla T4');
    const { id: _id, index: _index, name: _name, vendor: _vendor, isLost, ...figures } = firstOf(opened) ?? {};
    expect(isLost).toBe(false);
    expect(new Set(Object.values(figures))).toEqual(new Set([null]));
  });
});

it('asks an older driver without the fields that it does not know', async () => {
  const opened = await open({
    cards: { 0: card },
    refuses: ['temperature.gpu.tlimit', 'clocks_throttle_reasons.active'],
  });
  await expect.poll(() => firstOf(opened)?.temperatureCelsius, patiently).toBe(71);
  expect(firstOf(opened)).toMatchObject({ throttle: null, powerWatts: 384.21 });
});

it('tells two cards apart, and takes a distance to the limit for the limit', async () => {
  const second = {
    ...card,
    uuid: 'GPU-2',
    name: 'NVIDIA H100, 80GB',
    'temperature.gpu': '40',
    'temperature.gpu.tlimit': '47',
  };
  const opened = await open({ cards: { 0: card, 1: second } });
  await expect.poll(() => opened.read(undefined)?.length, patiently).toBe(2);
  expect(opened.read(undefined)?.[1]).toMatchObject({
    index: 1,
    name: 'NVIDIA H100, 80GB',
    temperatureLimitCelsius: 87,
  });
});

it('says of a machine without the tool that it has no such card, and starts nothing again', async () => {
  reader = new NvidiaReader({ intervalMs: 1_000, program: join(folder, 'not-there'), firstWaitMs: 1 });
  await expect.poll(() => reader?.read(undefined), patiently).toEqual([]);
});

it('says of a driver without a card that there is none', async () => {
  const opened = await open({ exit: { says: 'No devices were found', code: 6 } });
  await expect.poll(() => opened.read(undefined), patiently).toEqual([]);
});

it('knows nothing, not nothing of it, while the tool fails, and reads on when it is back', async () => {
  const opened = await open({ exit: { says: 'Failed to initialize NVML: Unknown Error', code: 255 } });
  await expect
    .poll(async () => (await readFile(join(folder, 'calls.log'), 'utf8')).match(/query-gpu/g)?.length, patiently)
    .toBeGreaterThan(2);
  expect(opened.read(undefined)).toBeNull();
  await plays({ cards: { 0: card } });
  await expect.poll(() => firstOf(opened)?.temperatureCelsius, patiently).toBe(71);
});

it('says of a card that the driver gave up that it is lost, and takes it back when it answers', async () => {
  const opened = await open({ cards: { 0: card } });
  await expect.poll(() => firstOf(opened)?.isLost, patiently).toBe(false);
  await plays({
    exit: {
      says: 'Unable to determine the device handle for GPU0000:01:00.0: GPU is lost.  Reboot the system to recover this GPU',
      code: 15,
    },
  });
  await expect.poll(() => firstOf(opened)?.isLost, patiently).toBe(true);
  await plays({ cards: { 0: card } });
  await expect.poll(() => firstOf(opened)?.isLost, patiently).toBe(false);
});
