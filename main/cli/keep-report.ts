import { dirname } from 'node:path';

import type { RunReport } from '../../app/contract/report.ts';
import { makeFolder } from '../base/make-folder.ts';
import { outputFault } from '../export/writable.ts';
import { replaceFile } from '../store/atomic-file.ts';
import { CommandProblem, exitCodes } from './problem.ts';

/** @returns null, or the problem that ends the command: a report that can't be kept is no success, and costs no clip */
export async function keepReport(path: string, report: RunReport): Promise<CommandProblem | null> {
  try {
    // It was there before the run; somebody may have cleared it away since.
    await makeFolder(dirname(path));
    await replaceFile(path, `${JSON.stringify(report, null, 2)}\n`);
    return null;
  } catch (cause) {
    return new CommandProblem(
      exitCodes.unwritable,
      `the clip is written (${report.delivered.path}), and its report is not: --report ${outputFault(cause, path).detail}`,
    );
  }
}
