import { z } from 'zod';

import type { GpuSample } from '../contract/resource.ts';
import { unreadCard } from './resource.ts';

const counter = z.object({ name: z.string(), value: z.number() });
/** Null where the query failed or gave nothing at all: Windows counts for each card, also for one that rests. */
const counters = z.array(counter).nullable();
const reading = z.object({
  engines: counters,
  adapters: counters,
  processes: counters,
  cards: z.array(z.object({ name: z.string(), bytes: z.number().nullable() })),
});

/** Asks for one class of counters; what can't be had is $null, which is no empty list. */
const query = (variable: string, kind: string, property: string, filter = ''): string =>
  `  try { $r = @(Get-CimInstance ($p + "${kind}") -ErrorAction Stop); if ($r.Count -eq 0) { ${variable} = $null } ` +
  `else { ${variable} = @($r ${filter}| ForEach-Object { @{ name = $_.Name; value = [double]$_.${property} } }) } } ` +
  `catch { ${variable} = $null }`;

/**
 * Windows' own counters, as one JSON line a round. Through CIM classes, whose names are the same in every language of
 * Windows; those of Get-Counter and typeperf are translated.
 */
export const windowsScript = (intervalMs: number): string =>
  [
    "$ErrorActionPreference = 'SilentlyContinue'",
    '[Console]::OutputEncoding = [Text.Encoding]::UTF8',
    "$p = 'Win32_PerfFormattedData_GPUPerformanceCounters_'",
    "$key = 'HKLM:\\SYSTEM\\ControlSet001\\Control\\Class\\{4d36e968-e325-11ce-bfc1-08002be10318}\\0*'",
    "$cards = @(Get-ItemProperty $key | Where-Object { $_.'HardwareInformation.qwMemorySize' } | ForEach-Object { @{ name = $_.DriverDesc; bytes = $_.'HardwareInformation.qwMemorySize' } })",
    'while ($true) {',
    query('$e', 'GPUEngine', 'UtilizationPercentage', '| Where-Object UtilizationPercentage -gt 0 '),
    query('$a', 'GPUAdapterMemory', 'DedicatedUsage'),
    query('$m', 'GPUProcessMemory', 'DedicatedUsage'),
    '  ConvertTo-Json -Compress -Depth 3 @{ engines = $e; adapters = $a; processes = $m; cards = $cards }',
    `  Start-Sleep -Milliseconds ${intervalMs}`,
    '}',
  ].join('\n');

/** An adapter that has used less than this since the start of Windows is the software renderer. */
const SMALLEST_CARD_BYTES = 1;

/**
 * @param enginePid  whose share of the memory is told apart
 * @returns          null for a line that is not one of the script's, and where the cards could not be counted
 */
export function parseWindowsCards(line: string, enginePid: number | null): readonly GpuSample[] | null {
  let raw: unknown;
  try {
    raw = JSON.parse(line);
  } catch {
    return null;
  }
  const parsed = reading.safeParse(raw);
  if (!parsed.success) return null;
  const { engines, adapters, processes, cards } = parsed.data;
  if (adapters === null) return null;
  const used = adapters.filter(({ value }) => value >= SMALLEST_CARD_BYTES);
  // The registry doesn't say which card has which number: with more than one, its size stays unknown.
  const [only] = used.length === 1 && cards.length === 1 ? cards : [];
  return used.map(({ name: adapter, value }, index) => ({
    ...unreadCard,
    id: adapter,
    index,
    name: only?.name ?? adapter,
    memoryUsedBytes: value,
    memoryTotalBytes: only?.bytes ?? null,
    ownMemoryBytes:
      enginePid === null || processes === null
        ? null
        : sumOf(processes, (name) => name === `pid_${enginePid}_${adapter}`),
    utilizationRatio: engines && busiest(engines, adapter),
  }));
}

type Counter = z.infer<typeof counter>;

const sumOf = (counters: readonly Counter[], isMeant: (name: string) => boolean): number =>
  counters.reduce((sum, { name, value }) => (isMeant(name) ? sum + value : sum), 0);

/** As the Task Manager counts: the sum over processes for each engine of the card, and of these the busiest. */
function busiest(engines: readonly Counter[], adapter: string): number {
  const byEngine = new Map<string, number>();
  for (const { name, value } of engines) {
    const engine = name.includes(`_${adapter}_`) ? /_eng_\d+/.exec(name)?.[0] : undefined;
    if (engine !== undefined) byEngine.set(engine, (byEngine.get(engine) ?? 0) + value);
  }
  return Math.min(1, Math.max(0, ...byEngine.values()) / 100);
}
