import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { AmdReader } from '../../../main/device/amd.ts';

/** As a Radeon RX 7900 XTX shows itself; the values are those of the kernel's documentation. */
const files = {
  vendor: '0x1002\n',
  device: '0x744c\n',
  mem_info_vram_used: '6442450944\n',
  mem_info_vram_total: '25753026560\n',
  gpu_busy_percent: '63\n',
  pp_dpm_sclk: '0: 500Mhz \n1: 2371Mhz *\n2: 2526Mhz \n',
  pp_dpm_mclk: '0: 96Mhz \n1: 456Mhz \n2: 1249Mhz *\n',
  pcie_bw: '1500 200 256\n',
  'hwmon/hwmon3/temp1_input': '64000\n',
  'hwmon/hwmon3/temp1_crit': '110000\n',
  'hwmon/hwmon3/power1_average': '212000000\n',
  'hwmon/hwmon3/power1_cap': '303000000\n',
};
const address = '0000:03:00.0';
const nothing = Object.fromEntries(
  [
    'memoryUsedBytes',
    'memoryTotalBytes',
    'utilizationRatio',
    'temperatureCelsius',
    'temperatureLimitCelsius',
    'powerWatts',
  ]
    .concat([
      'powerLimitWatts',
      'clockHertz',
      'memoryClockHertz',
      'pcieReceiveBytesPerSecond',
      'pcieTransmitBytesPerSecond',
    ])
    .map((name) => [name, null]),
);

let base = '';
let reader: AmdReader | null = null;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'steadyframe-amd-'));
});
afterEach(async () => {
  reader?.[Symbol.dispose]();
  await rm(base, { recursive: true, force: true });
});

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
async function card(number: number, found: Readonly<Record<string, string>>, at = address): Promise<void> {
  const folder = join(base, 'sys', 'devices', at);
  for (const [name, text] of Object.entries(found)) await put(join(folder, name), text);
  const drm = join(base, 'sys', 'class', 'drm', `card${number}`);
  await mkdir(drm, { recursive: true });
  await symlink(folder, join(drm, 'device'));
}
function open(): AmdReader {
  reader = new AmdReader({ intervalMs: 20, sys: join(base, 'sys'), proc: join(base, 'proc') });
  return reader;
}
const patiently = { timeout: 10_000, interval: 10 };

it('reads a card in base units, and our own share once for each client', async () => {
  await card(1, files);
  const client = (id: number, kib: number, at = address): string =>
    `pos:\t0\ndrm-driver:\tamdgpu\ndrm-client-id:\t${id}\ndrm-pdev:\t${at}\ndrm-memory-vram:\t${kib} KiB\n`;
  await put(join(base, 'proc', '77', 'fdinfo', '4'), client(9, 1_000));
  await put(join(base, 'proc', '77', 'fdinfo', '5'), client(9, 1_000));
  await put(join(base, 'proc', '77', 'fdinfo', '6'), client(10, 24));
  await put(join(base, 'proc', '77', 'fdinfo', '7'), client(11, 5_000, '0000:09:00.0'));
  await put(join(base, 'proc', '77', 'fdinfo', '8'), 'pos:\t0\n');
  const opened = open();
  await expect.poll(() => opened.read(77)?.[0]?.ownMemoryBytes, patiently).toBe(1_024 * 1_024);
  await expect.poll(() => opened.read(77)?.[0]?.pcieReceiveBytesPerSecond, patiently).toBe(384_000);
  expect(opened.read(77)).toEqual([
    {
      ...{ id: address, index: 0, name: 'AMD GPU 0x744c', vendor: 'amd', isLost: false, throttle: null },
      ...{ memoryUsedBytes: 6_442_450_944, memoryTotalBytes: 25_753_026_560, ownMemoryBytes: 1_024 * 1_024 },
      ...{ utilizationRatio: 0.63, temperatureCelsius: 64, temperatureLimitCelsius: 110 },
      ...{ powerWatts: 212, powerLimitWatts: 303, clockHertz: 2.371e9, memoryClockHertz: 1.249e9 },
      ...{ pcieReceiveBytesPerSecond: 384_000, pcieTransmitBytesPerSecond: 51_200 },
    },
  ]);
});

it('leaves out what a card does not tell, and cards of other makers', async () => {
  await card(0, { vendor: '0x8086\n', mem_info_vram_used: '1\n' }, '0000:00:02.0');
  await card(1, { vendor: '0x1002\n', gpu_busy_percent: 'Input/output error\n', pp_dpm_sclk: 'no star\n' });
  const opened = open();
  await expect.poll(() => opened.read(undefined)?.length, patiently).toBe(1);
  expect(opened.read(undefined)?.[0]).toMatchObject({ ...nothing, ownMemoryBytes: null });
});

it('takes the newer name for power, and loses a card whose files are gone', async () => {
  const { 'hwmon/hwmon3/power1_average': _older, ...newer } = files;
  await card(1, { ...newer, 'hwmon/hwmon3/power1_input': '99000000\n' });
  const opened = open();
  await expect.poll(() => opened.read(undefined)?.[0]?.powerWatts, patiently).toBe(99);
  await rm(join(base, 'sys', 'devices'), { recursive: true });
  await expect.poll(() => opened.read(undefined), patiently).toEqual([]);
});

it('says of a machine without such a card that there is none', async () => {
  const opened = open();
  await expect.poll(() => opened.read(undefined), patiently).toEqual([]);
});
