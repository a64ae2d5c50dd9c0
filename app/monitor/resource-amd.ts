import type { GpuSample } from '../contract/resource.ts';

/** Texts of the files below a card's `device` folder in sysfs; null where a file is not there or can't be read. */
export interface AmdFiles {
  readonly index: number;
  /** PCI address, the name of the folder that `device` points to. */
  readonly address: string;
  readonly productName: string | null;
  readonly device: string | null;
  readonly vramUsed: string | null;
  readonly vramTotal: string | null;
  readonly busyPercent: string | null;
  readonly shaderClock: string | null;
  readonly memoryClock: string | null;
  readonly pcieBandwidth: string | null;
  readonly temperature: string | null;
  readonly temperatureCritical: string | null;
  /** `power1_average` of older kernels and cards, `power1_input` of newer ones. */
  readonly power: string | null;
  readonly powerCap: string | null;
  /** `fdinfo` of every file that our engine has open. */
  readonly engineFdinfo: readonly string[] | null;
}

export const AMD_VENDOR = '0x1002';

/** One amdgpu card. @see https://docs.kernel.org/gpu/amdgpu/thermal.html */
export function parseAmdCard(files: AmdFiles): GpuSample {
  const percent = wholeNumber(files.busyPercent);
  const traffic = parsePcieBandwidth(files.pcieBandwidth);
  return {
    id: files.address,
    index: files.index,
    name: files.productName?.trim() || `AMD GPU ${files.device?.trim() ?? ''}`.trim(),
    vendor: 'amd',
    isLost: false,
    memoryUsedBytes: wholeNumber(files.vramUsed),
    memoryTotalBytes: wholeNumber(files.vramTotal),
    ownMemoryBytes: files.engineFdinfo === null ? null : ownVram(files.engineFdinfo, files.address),
    utilizationRatio: percent === null ? null : percent / 100,
    temperatureCelsius: scaled(files.temperature, 1e-3),
    temperatureLimitCelsius: scaled(files.temperatureCritical, 1e-3),
    powerWatts: scaled(files.power, 1e-6),
    powerLimitWatts: scaled(files.powerCap, 1e-6),
    clockHertz: currentClock(files.shaderClock),
    memoryClockHertz: currentClock(files.memoryClock),
    pcieReceiveBytesPerSecond: traffic?.receive ?? null,
    pcieTransmitBytesPerSecond: traffic?.transmit ?? null,
    // Only the binary table gpu_metrics has them, in a layout of its own for each generation.
    throttle: null,
  };
}

function wholeNumber(text: string | null): number | null {
  return text !== null && /^\d+$/.test(text.trim()) ? Number(text) : null;
}

function scaled(text: string | null, unit: number): number | null {
  const value = wholeNumber(text);
  // 1e-3 has no exact binary form: 45000 would become 45.00000000000001.
  return value === null ? null : value / Math.round(1 / unit);
}

/** `1: 1500Mhz *`: the star marks the level in use. */
function currentClock(text: string | null): number | null {
  const level = text?.split('\n').find((line) => line.trimEnd().endsWith('*'));
  const megahertz = /:\s*(\d+)\s*Mhz/i.exec(level ?? '')?.[1];
  return megahertz === undefined ? null : Number(megahertz) * 1e6;
}

/** `received sent payload`: packets of the last second, and the most that one of them carries in bytes. */
function parsePcieBandwidth(text: string | null): { readonly receive: number; readonly transmit: number } | null {
  const match = /^(\d+)\s+(\d+)\s+(\d+)$/.exec(text?.trim() ?? '');
  if (!match) return null;
  const [received = 0, sent = 0, payload = 0] = match.slice(1).map(Number);
  return { receive: received * payload, transmit: sent * payload };
}

/** One client may be open by more than one file: it counts once. */
function ownVram(fdinfo: readonly string[], address: string): number {
  const clients = new Map<string, number>();
  for (const text of fdinfo) {
    if (!new RegExp(`^drm-pdev:\\s*${address.replaceAll('.', '\\.')}$`, 'm').test(text)) continue;
    const client = /^drm-client-id:\s*(\d+)$/m.exec(text)?.[1];
    const kib = /^drm-(?:resident|memory)-vram:\s*(\d+) KiB$/m.exec(text)?.[1];
    if (client !== undefined && kib !== undefined) clients.set(client, Number(kib) * 1024);
  }
  return [...clients.values()].reduce((sum, bytes) => sum + bytes, 0);
}
