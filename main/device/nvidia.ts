import { execFile } from 'node:child_process';

import type { GpuSample } from '../../app/contract/resource.ts';
import {
  nvidiaFields,
  parseColumns,
  parseNvidiaCard,
  parseProcess,
  parseSlowdown,
  parseTraffic,
  refusedField,
  saysLost,
  type NvidiaCard,
  type NvidiaColumns,
  type NvidiaField,
  type NvidiaTraffic,
} from '../../app/monitor/resource-nvidia.ts';
import type { GpuReader } from './gpu-reader.ts';
import { LineChild } from './line-child.ts';

/** A reading that is older than so many intervals is none. */
const FRESH_INTERVALS = 3;
/** The tool's own start, before its first line. */
const SLACK_MS = 1_000;
const NO_DEVICES_EXIT = 6;
const GPU_LOST_EXIT = 15;
const QUERY_LIMIT_MS = 10_000;

interface Dated<T> {
  readonly value: T;
  readonly atMs: number;
}

/**
 * NVIDIA cards through three long-lived children of `nvidia-smi`: the query, PCIe traffic, and who uses the memory. One
 * process for each reading would cost more than the reading.
 */
export class NvidiaReader implements GpuReader {
  readonly #intervalMs: number;
  readonly #program: string;
  readonly #children: readonly LineChild[];
  readonly #cards = new Map<string, Dated<NvidiaCard>>();
  readonly #traffic = new Map<number, Dated<NvidiaTraffic>>();
  /** Memory by process, for each card by number. */
  readonly #processes = new Map<number, Dated<ReadonlyMap<number, number | null>>>();
  #limits: ReadonlyMap<string, number> = new Map();
  #fields: readonly NvidiaField[] = nvidiaFields;
  #hasNoDevice = false;
  #isLost = false;

  constructor(options: { readonly intervalMs: number; readonly program?: string; readonly firstWaitMs?: number }) {
    this.#intervalMs = options.intervalMs;
    this.#program = options.program ?? 'nvidia-smi';
    const wait = options.firstWaitMs === undefined ? {} : { firstWaitMs: options.firstWaitMs };
    const seconds = String(Math.max(1, Math.round(options.intervalMs / 1_000)));
    const query = new LineChild({
      ...wait,
      program: this.#program,
      args: () => [
        `--query-gpu=${this.#fields.join(',')}`,
        '--format=csv,noheader,nounits',
        '-lms',
        String(options.intervalMs),
      ],
      onLine: (line) => this.#hear(line),
      onEnd: (code) => this.#end(code),
      onMissing: () => {
        this.#hasNoDevice = true;
      },
    });
    this.#children = [
      query,
      this.#table('dmon', ['-s', 't', '-d', seconds], wait, (line, columns) => this.#hearTraffic(line, columns)),
      this.#table('pmon', ['-s', 'm', '-d', seconds], wait, (line, columns) => this.#hearProcess(line, columns)),
    ];
    this.#askLimits();
  }

  read(enginePid: number | undefined): readonly GpuSample[] | null {
    if (this.#hasNoDevice) return [];
    const cards = [...this.#cards.values()].filter((card) => this.#isLost || this.#isFresh(card));
    if (cards.length === 0) return null;
    return cards.map(({ value }) => this.#complete(value, enginePid));
  }

  [Symbol.dispose](): void {
    for (const child of this.#children) child[Symbol.dispose]();
  }

  #complete({ busId, ...card }: NvidiaCard, enginePid: number | undefined): GpuSample {
    const traffic = this.#traffic.get(card.index);
    const processes = this.#processes.get(card.index);
    const { pcieReceiveBytesPerSecond = null, pcieTransmitBytesPerSecond = null } =
      traffic && this.#isFresh(traffic) ? traffic.value : {};
    // Whoever is not on the list of a card uses none of it.
    const own = processes && this.#isFresh(processes) && enginePid !== undefined ? processes.value : null;
    const ownMemoryBytes =
      own === null || enginePid === undefined ? null : own.has(enginePid) ? (own.get(enginePid) ?? null) : 0;
    return {
      ...card,
      isLost: card.isLost || this.#isLost,
      temperatureLimitCelsius: card.temperatureLimitCelsius ?? this.#limits.get(busId) ?? null,
      ownMemoryBytes,
      pcieReceiveBytesPerSecond,
      pcieTransmitBytesPerSecond,
    };
  }

  #hear(line: string): void {
    const refused = refusedField(line);
    if (refused) this.#fields = this.#fields.filter((field) => field !== refused);
    if (saysLost(line)) this.#isLost = true;
    const card = parseNvidiaCard(line, this.#fields);
    if (!card) return;
    this.#hasNoDevice = false;
    this.#isLost = false;
    this.#cards.set(card.id, { value: card, atMs: performance.now() });
  }

  #end(code: number | null): void {
    if (code === GPU_LOST_EXIT) this.#isLost = true;
    // "No devices were found": the driver is there, a card is not.
    if (code === NO_DEVICES_EXIT) this.#hasNoDevice = true;
  }

  #hearTraffic(line: string, columns: NvidiaColumns): void {
    const traffic = parseTraffic(line, columns);
    if (traffic) this.#traffic.set(traffic.index, { value: traffic, atMs: performance.now() });
  }

  /** A round comes line by line: a process that was there a moment ago is kept for as long as a reading is fresh. */
  #hearProcess(line: string, columns: NvidiaColumns): void {
    const process = parseProcess(line, columns);
    if (!process) return;
    const { index, pid, memoryBytes } = process;
    const before = this.#processes.get(index);
    const kept = pid !== null && before && performance.now() - before.atMs < this.#intervalMs / 2 ? before.value : [];
    const value = new Map([...kept, ...(pid === null ? [] : [[pid, memoryBytes] as const])]);
    this.#processes.set(index, { value, atMs: performance.now() });
  }

  #table(
    command: string,
    args: readonly string[],
    wait: { readonly firstWaitMs?: number },
    onRow: (line: string, columns: NvidiaColumns) => void,
  ): LineChild {
    let columns: NvidiaColumns | null = null;
    return new LineChild({
      ...wait,
      program: this.#program,
      args: () => [command, ...args],
      onLine: (line) => {
        columns = parseColumns(line) ?? columns;
        if (columns) onRow(line, columns);
      },
    });
  }

  /** Once: a limit does not change. */
  #askLimits(): void {
    const limits = { timeout: QUERY_LIMIT_MS, windowsHide: true };
    execFile(this.#program, ['-q', '-d', 'TEMPERATURE'], limits, (cause, output) => {
      if (!cause) this.#limits = parseSlowdown(output);
    });
  }

  #isFresh({ atMs }: { readonly atMs: number }): boolean {
    return performance.now() - atMs <= this.#intervalMs * FRESH_INTERVALS + SLACK_MS;
  }
}
