import type { FaultReport } from '../contract/report.ts';

/**
 * What the machine's facts mean for an attempt. Where the frames are all there, nothing stood in their way: a warning.
 * Where the attempt failed, they are its likely cause and come before what was seen of the failure.
 *
 * @param machine  facts of the time of the attempt
 * @param found    what monitors and engine say, in order
 */
export function explainByMachine(
  machine: readonly FaultReport[],
  found: readonly FaultReport[],
): readonly FaultReport[] {
  const didEngineFail = found.some(({ kind, severity }) => severity === 'fault' && engineFailures.has(kind));
  const asWarnings = machine.map((fault): FaultReport => ({ ...fault, severity: 'warning' }));
  if (!didEngineFail) return [...found, ...asWarnings];
  const causes = machine.filter(({ severity }) => severity === 'fault');
  return [...causes, ...found, ...asWarnings.filter((_, i) => machine[i]?.severity === 'warning')];
}

/** Only these can come of a full memory, a hot or a lost card; wrong frames have other causes. */
const engineFailures: ReadonlySet<FaultReport['kind']> = new Set([
  'engine-crashed',
  'engine-hung',
  'out-of-memory',
  'provider-failed',
]);
