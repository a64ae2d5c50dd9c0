import type { FaultReport, RunReport } from '../contract/report.ts';

/** The report with something that was noticed when all was done, at the last attempt. */
export function warnReport(report: RunReport, warning: FaultReport): RunReport {
  const last = report.attempts.at(-1);
  if (!last) return report;
  return { ...report, attempts: [...report.attempts.slice(0, -1), { ...last, faults: [...last.faults, warning] }] };
}
