import type { JobId } from '../../app/contract/job.ts';
import type { LedgerLine } from '../../app/contract/ledger.ts';
import type { FaultReport, RunReport } from '../../app/contract/report.ts';
import { warnReport } from '../../app/export/warn-report.ts';
import { faultOf } from '../../app/monitor/fault.ts';
import type { PlaceFault } from '../export/writable.ts';
import { isDatabaseLost, isDiskFull } from '../store/disk-error.ts';
import type { RunStore } from '../store/run-store.ts';
import { refusalBy } from './work-room.ts';

/**
 * What is kept of one job. A full disk under the history must not cost the clip: after the first refusal nothing more of the job
 * is written, since a story with holes in it can't be taken up again, and the job goes on.
 */
export class JobHistory {
  readonly #store: RunStore;
  readonly #id: JobId;
  #refusal: PlaceFault | null = null;

  constructor(store: RunStore, id: JobId) {
    this.#store = store;
    this.#id = id;
  }

  append(line: LedgerLine): void {
    this.#keep(() => this.#store.appendLedger(this.#id, line));
  }

  /** @returns the report; it says so where the history ends before the job does */
  conclude(report: RunReport): RunReport {
    this.#keep(() => this.#store.saveReport(this.#id, report));
    return this.#refusal === null ? report : warnReport(report, historyFault(this.#refusal));
  }

  #keep(write: () => void): void {
    this.#refusal ??= withRoom(write);
  }
}

/** @returns what a full disk said, or a database that can't be written to any more; null where there was room */
export function withRoom(write: () => void): PlaceFault | null {
  try {
    write();
    return null;
  } catch (cause) {
    if (!isDiskFull(cause) && !isDatabaseLost(cause)) throw cause;
    return refusalBy(cause);
  }
}

/** Nothing of the clip is lost by it: a warning. */
export const historyFault = ({ kind, detail }: PlaceFault): FaultReport =>
  faultOf(kind, 'export', { place: 'history', detail }, { severity: 'warning' });
