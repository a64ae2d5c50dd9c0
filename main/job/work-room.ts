import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { messageOf } from '../../app/base/message-of.ts';
import type { JobId } from '../../app/contract/job.ts';
import type { FaultReport } from '../../app/contract/report.ts';
import { faultOf } from '../../app/monitor/fault.ts';
import { makeFolder } from '../base/make-folder.ts';
import type { PlaceFault } from '../export/writable.ts';
import { isDiskFull } from '../store/disk-error.ts';
import { homePaths } from '../store/home.ts';

/** Where the working files of a job may lie: with everything else, and where that place refuses, for the life of this program elsewhere. */
export const workFolders = (home: string, id: JobId): readonly string[] => [
  homePaths(home).job(id),
  join(tmpdir(), `steadyframe-job-${id}`),
];

/**
 * The folder for latents and frames of one job. A place that refuses to be written to costs no attempt: what is there already is
 * taken along to the next one, and the story says so.
 */
export class WorkRoom {
  readonly #folders: readonly string[];
  #at = 0;
  #untold: FaultReport[] = [];

  /** @param folders  best first, this job's alone; at least one */
  constructor(folders: readonly string[]) {
    this.#folders = folders;
  }

  get folder(): string {
    return this.#folders[this.#at] as string;
  }

  /** Its files lie where nobody would look for them after this program's end. */
  get isAway(): boolean {
    return this.#at > 0;
  }

  pathOf(name: string): string {
    return join(this.folder, name);
  }

  /** @throws the file system's error of the first folder, where none of them can be made */
  async open(): Promise<void> {
    try {
      await makeFolder(this.folder);
    } catch (cause) {
      if (!(await this.moveOn(refusalBy(cause)))) throw cause;
    }
  }

  /** On to the next place that can be had; false where there is none. */
  async moveOn(refusal: PlaceFault): Promise<boolean> {
    for (let next = this.#at + 1; next < this.#folders.length; next += 1)
      try {
        const folder = this.#folders[next] as string;
        await makeFolder(folder);
        this.#untold.push(warningOf(refusal, this.folder, folder));
        this.#at = next;
        return true;
      } catch {
        // That one can't be had either.
      }
    return false;
  }

  /** The refusals that were got around since the last call, as warnings: no frame is the worse for them. */
  takeRefusals(): readonly FaultReport[] {
    const refusals = this.#untold;
    this.#untold = [];
    return refusals;
  }
}

/** What a file system said, by its name and in its own words. */
export const refusalBy = (cause: unknown): PlaceFault => ({
  kind: isDiskFull(cause) ? 'disk-full' : 'output-unwritable',
  detail: messageOf(cause),
});

const warningOf = ({ kind, detail }: PlaceFault, place: string, wentOnIn: string): FaultReport =>
  faultOf(kind, 'decode', { place, detail, wentOnIn }, { severity: 'warning' });

/** Every place in which this job may have left something. */
export async function clearWork(folders: readonly string[]): Promise<void> {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
}
