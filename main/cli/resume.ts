import { resolve } from 'node:path';

import type { RunReport } from '../../app/contract/report.ts';
import type { JobService } from '../job/job-service.ts';
import { keepReport } from './keep-report.ts';
import { CommandProblem, exitCodes } from './problem.ts';
import type { ProgressLine } from './progress-line.ts';

/** Finish every job whose program died; one that can't be finished does not keep the others waiting. */
export async function finishInterrupted(
  service: JobService,
  {
    line,
    report: reportPath,
    signal,
  }: { readonly line: ProgressLine; readonly report: string | null; readonly signal: AbortSignal },
): Promise<void> {
  const jobs = service.interruptedJobs();
  if (jobs.length === 0) return line.say('nothing to finish: no job was cut off');
  const problems: string[] = [];
  let report: RunReport | null = null;
  for (const job of jobs) {
    const name = job.id.slice(0, 8);
    line.say(`resume   ${name}`);
    const cancel = (): void => service.cancel(job.id);
    signal.addEventListener('abort', cancel, { once: true });
    const end = await service.takeUp(job);
    signal.removeEventListener('abort', cancel);
    if (end === null) line.say(`notice   another program took ${name} up first`);
    else if (end.kind === 'cancelled') throw new CommandProblem(exitCodes.unwritable, 'cancelled: no clip was written');
    else if (end.kind === 'failed') problems.push(`${name}: ${end.problem}: ${end.detail}`);
    else {
      report = end.report;
      line.say(report.delivered.path);
    }
  }
  const unkept = reportPath !== null && report ? await keepReport(resolve(reportPath), report) : null;
  if (problems.length > 0)
    throw new CommandProblem(exitCodes.unwritable, `no clip could be written: ${problems.join('; ')}`);
  if (unkept) throw unkept;
}
