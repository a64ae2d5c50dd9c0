import type { GpuSample, ThrottleReason } from '../contract/resource.ts';

/** What is asked of `nvidia-smi --query-gpu`, in this order; a driver that lacks one of them is asked without it. */
export const nvidiaFields = [
  'index',
  'uuid',
  'name',
  'pci.bus_id',
  'memory.used',
  'memory.total',
  'utilization.gpu',
  'temperature.gpu',
  'temperature.gpu.tlimit',
  'power.draw',
  'enforced.power.limit',
  'clocks.current.graphics',
  'clocks.current.memory',
  'clocks_throttle_reasons.active',
] as const;
export type NvidiaField = (typeof nvidiaFields)[number];

const MIB = 1024 ** 2;
const MEGAHERTZ = 1e6;

/** One card as `--format=csv,noheader,nounits` prints it; what other children of the tool know is not in it yet. */
export type NvidiaCard = Omit<
  GpuSample,
  'ownMemoryBytes' | 'pcieReceiveBytesPerSecond' | 'pcieTransmitBytesPerSecond'
> & { readonly busId: string };

/** @returns null for a line that is no reading: a warning of the driver, or half a line of a tool that was killed */
export function parseNvidiaCard(line: string, fields: readonly NvidiaField[]): NvidiaCard | null {
  const cells = splitCells(line, fields);
  if (cells === null) return null;
  const text = (field: NvidiaField): string => cells[fields.indexOf(field)] ?? '';
  const number = (field: NvidiaField, unit = 1): number | null => scale(parseReading(text(field)), unit);
  const index = parseReading(text('index'));
  const id = text('uuid');
  if (index === null || !Number.isInteger(index) || !id.startsWith('GPU-')) return null;
  const temperatureCelsius = number('temperature.gpu');
  const marginCelsius = number('temperature.gpu.tlimit');
  const percent = number('utilization.gpu');
  return {
    id,
    index,
    name: text('name'),
    busId: text('pci.bus_id').toUpperCase(),
    vendor: 'nvidia',
    isLost: cells.some((cell) => /GPU is lost/i.test(cell)),
    memoryUsedBytes: number('memory.used', MIB),
    memoryTotalBytes: number('memory.total', MIB),
    utilizationRatio: percent === null ? null : percent / 100,
    temperatureCelsius,
    // The tool gives the distance to the limit, not the limit.
    temperatureLimitCelsius:
      temperatureCelsius === null || marginCelsius === null ? null : temperatureCelsius + marginCelsius,
    powerWatts: number('power.draw'),
    powerLimitWatts: number('enforced.power.limit'),
    clockHertz: number('clocks.current.graphics', MEGAHERTZ),
    memoryClockHertz: number('clocks.current.memory', MEGAHERTZ),
    throttle: parseThrottle(text('clocks_throttle_reasons.active')),
  };
}

/** A name may hold a comma, which the tool does not quote: what is too much belongs to it. */
function splitCells(line: string, fields: readonly NvidiaField[]): readonly string[] | null {
  const cells = line.split(', ').map((cell) => cell.trim());
  const surplus = cells.length - fields.length;
  if (surplus < 0) return null;
  const nameAt = fields.indexOf('name');
  if (surplus === 0 || nameAt < 0) return surplus === 0 ? cells : null;
  const name = cells.slice(nameAt, nameAt + surplus + 1).join(', ');
  return [...cells.slice(0, nameAt), name, ...cells.slice(nameAt + surplus + 1)];
}

/** "[N/A]", "[Not Supported]", "[Unknown Error]", "ERR!", "-" and nothing are no readings. */
function parseReading(text: string): number | null {
  return /^-?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : null;
}

const scale = (value: number | null, unit: number): number | null => (value === null ? null : value * unit);

/** Bits of NVML's nvmlClocksEventReasons. */
const THROTTLE_BITS: readonly (readonly [number, ThrottleReason])[] = [
  [0x1, 'idle'],
  [0x2, 'application-clocks'],
  [0x4, 'power'],
  [0x8, 'hardware'],
  [0x10, 'sync-boost'],
  [0x20, 'thermal'],
  [0x40, 'thermal'],
  [0x80, 'power-brake'],
  [0x100, 'other'],
];

function parseThrottle(text: string): readonly ThrottleReason[] | null {
  if (!/^0x[0-9a-f]{1,16}$/i.test(text)) return null;
  // Bits beyond the first 32 are not in use; beyond 53 a number would no longer hold them apart.
  const bits = Number.parseInt(text.slice(-8).replace(/^0x/i, ''), 16);
  return [...new Set(THROTTLE_BITS.flatMap(([bit, reason]) => ((bits & bit) === 0 ? [] : [reason])))];
}

/** Which field an older driver complains about: `Field "x" is not a valid field to query.` */
export function refusedField(line: string): NvidiaField | null {
  const name = /Field "([^"]+)" is not a valid field/.exec(line)?.[1];
  return nvidiaFields.find((field) => field === name) ?? null;
}

/** How the tool says that a card no longer answers; it then ends by itself. */
export const saysLost = (line: string): boolean => /GPU is lost|fallen off the bus/i.test(line);

/** Columns of `nvidia-smi dmon` and `pmon` by name: drivers differ in which there are and in which order. */
export type NvidiaColumns = readonly string[];

/** The first line of a header names the columns; the second one gives units and starts with `# Idx`. */
export function parseColumns(line: string): NvidiaColumns | null {
  const words = line.replace(/^#\s*/, '#').slice(1).trim().split(/\s+/);
  return line.startsWith('#') && words.includes('gpu') ? words : null;
}

export interface NvidiaTraffic {
  readonly index: number;
  readonly pcieReceiveBytesPerSecond: number | null;
  readonly pcieTransmitBytesPerSecond: number | null;
}

/** A line of `dmon -s t`; received is host to card. */
export function parseTraffic(line: string, columns: NvidiaColumns): NvidiaTraffic | null {
  const cells = cellsOf(line, columns);
  const index = cells('gpu');
  if (index === null) return null;
  // NVML counts in kB/s, the tool shows MB/s.
  return {
    index,
    pcieReceiveBytesPerSecond: scale(cells('rxpci'), 1e6),
    pcieTransmitBytesPerSecond: scale(cells('txpci'), 1e6),
  };
}

export interface NvidiaProcess {
  readonly index: number;
  /** Null on the line that says that no process uses the card. */
  readonly pid: number | null;
  readonly memoryBytes: number | null;
}

/** A line of `pmon -s m`. */
export function parseProcess(line: string, columns: NvidiaColumns): NvidiaProcess | null {
  const cells = cellsOf(line, columns);
  const index = cells('gpu');
  return index === null ? null : { index, pid: cells('pid'), memoryBytes: scale(cells('fb'), MIB) };
}

function cellsOf(line: string, columns: NvidiaColumns): (column: string) => number | null {
  if (line.startsWith('#')) return () => null;
  const words = line.trim().split(/\s+/);
  return (column) => {
    const at = columns.indexOf(column);
    return at < 0 ? null : parseReading(words[at] ?? '');
  };
}

/** Bus address and slowdown temperature of each card, from `nvidia-smi -q -d TEMPERATURE`. */
export function parseSlowdown(text: string): ReadonlyMap<string, number> {
  const limits = new Map<string, number>();
  for (const block of text.split(/^(?=GPU [0-9A-Fa-f]+:)/m)) {
    const busId = /^GPU ([0-9A-Fa-f]+:[0-9A-Fa-f:.]+)/.exec(block)?.[1];
    const celsius = /^\s+GPU Slowdown Temp\s+: (\d+) C$/m.exec(block)?.[1];
    if (busId !== undefined && celsius !== undefined) limits.set(busId.toUpperCase(), Number(celsius));
  }
  return limits;
}
