import { readdir, readlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import type { GpuSample } from '../../app/contract/resource.ts';
import { AMD_VENDOR, parseAmdCard } from '../../app/monitor/resource-amd.ts';
import type { GpuReader } from './gpu-reader.ts';
import { readText } from './small-file.ts';

const FRESH_INTERVALS = 3;
const SLACK_MS = 1_000;

interface Card {
  readonly index: number;
  readonly folder: string;
  readonly address: string;
  /** Folder of the card's sensors; null where there is none. */
  readonly sensors: string | null;
}

/**
 * AMD cards through the files of amdgpu below /sys. They are read in the background: `pcie_bw` makes its reader wait for
 * a second while the driver counts, so it has a loop of its own.
 */
export class AmdReader implements GpuReader {
  readonly #sys: string;
  readonly #proc: string;
  readonly #intervalMs: number;
  readonly #stop = new AbortController();
  readonly #bandwidth = new Map<string, string | null>();
  #newest: { readonly cards: readonly GpuSample[]; readonly atMs: number } | null = null;
  #enginePid: number | undefined;

  constructor(options: { readonly intervalMs: number; readonly sys?: string; readonly proc?: string }) {
    this.#intervalMs = options.intervalMs;
    this.#sys = options.sys ?? '/sys';
    this.#proc = options.proc ?? '/proc';
    void this.#begin();
  }

  read(enginePid: number | undefined): readonly GpuSample[] | null {
    this.#enginePid = enginePid;
    if (!this.#newest) return null;
    const { cards, atMs } = this.#newest;
    // A driver that hangs answers no more: what it said before is no reading.
    const isFresh = performance.now() - atMs <= this.#intervalMs * FRESH_INTERVALS + SLACK_MS;
    return cards.length === 0 || isFresh ? cards : null;
  }

  [Symbol.dispose](): void {
    this.#stop.abort();
  }

  async #begin(): Promise<void> {
    const cards = await this.#find();
    if (cards.length === 0) {
      this.#newest = { cards: [], atMs: performance.now() };
      return;
    }
    await Promise.all([
      this.#repeat(async () => {
        const found = await Promise.all(cards.map(async (card) => this.#look(card)));
        this.#newest = { cards: found.filter((card) => card !== null), atMs: performance.now() };
      }),
      this.#repeat(async () => {
        for (const { folder } of cards) this.#bandwidth.set(folder, await readText(join(folder, 'pcie_bw')));
      }),
    ]);
  }

  async #repeat(work: () => Promise<void>): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await work();
      await setTimeout(this.#intervalMs, null, { signal: this.#stop.signal, ref: false }).catch(() => null);
    }
  }

  async #find(): Promise<readonly Card[]> {
    const names = await readdir(join(this.#sys, 'class', 'drm')).catch(() => []);
    const numbers = names.flatMap((name) => /^card(\d+)$/.exec(name)?.[1] ?? []).map(Number);
    const cards: Card[] = [];
    for (const number of numbers.toSorted((a, b) => a - b)) {
      const folder = join(this.#sys, 'class', 'drm', `card${number}`, 'device');
      if ((await readText(join(folder, 'vendor')))?.trim() !== AMD_VENDOR) continue;
      const target = await readlink(folder).catch(() => `card${number}`);
      const [sensors] = (await readdir(join(folder, 'hwmon')).catch(() => [])).toSorted((a, b) => a.localeCompare(b));
      cards.push({
        index: cards.length,
        folder,
        address: basename(target),
        sensors: sensors === undefined ? null : join(folder, 'hwmon', sensors),
      });
    }
    return cards;
  }

  /** Null where the card's files are gone: it is no longer there. */
  async #look({ index, folder, address, sensors }: Card): Promise<GpuSample | null> {
    const device = async (name: string): Promise<string | null> => readText(join(folder, name));
    const sensor = async (name: string): Promise<string | null> =>
      sensors === null ? null : readText(join(sensors, name));
    if ((await device('vendor')) === null) return null;
    const [vramUsed, vramTotal, busyPercent, shaderClock, memoryClock, productName, deviceId] = await Promise.all([
      device('mem_info_vram_used'),
      device('mem_info_vram_total'),
      device('gpu_busy_percent'),
      device('pp_dpm_sclk'),
      device('pp_dpm_mclk'),
      device('product_name'),
      device('device'),
    ]);
    const [temperature, temperatureCritical, average, input, powerCap] = await Promise.all([
      sensor('temp1_input'),
      sensor('temp1_crit'),
      sensor('power1_average'),
      sensor('power1_input'),
      sensor('power1_cap'),
    ]);
    return parseAmdCard({
      index,
      address,
      productName,
      device: deviceId,
      vramUsed,
      vramTotal,
      busyPercent,
      shaderClock,
      memoryClock,
      pcieBandwidth: this.#bandwidth.get(folder) ?? null,
      temperature,
      temperatureCritical,
      power: average ?? input,
      powerCap,
      engineFdinfo: await this.#fdinfo(),
    });
  }

  async #fdinfo(): Promise<readonly string[] | null> {
    if (this.#enginePid === undefined) return null;
    const folder = join(this.#proc, String(this.#enginePid), 'fdinfo');
    const names = await readdir(folder).catch(() => null);
    if (names === null) return null;
    const texts = await Promise.all(names.map(async (name) => readText(join(folder, name))));
    return texts.filter((text) => text !== null).filter((text) => text.includes('drm-'));
  }
}
