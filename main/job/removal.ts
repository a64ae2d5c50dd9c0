import { readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { err, ok, type Result } from '../../app/base/result.ts';
import type { JobId } from '../../app/contract/job.ts';
import type { RequestProblem } from '../../app/contract/route.ts';
import type { Removal, StudioProjectId } from '../../app/contract/studio-project.ts';
import { templateFolder } from '../recovery/template-store.ts';
import { homePaths } from '../store/home.ts';
import type { JobService } from './job-service.ts';

export interface RemovalPorts {
  readonly home: string;
  readonly service: Pick<JobService, 'projects' | 'remove' | 'isUnderWay'>;
  /** Where the clip of a job lies; null where it has none, or none any more. */
  readonly clipPath: (id: JobId) => Promise<string | null>;
}

/** The system's trash; it throws where it does not take a file. */
export type Trash = (path: string) => Promise<void>;

const NOTHING: Removal = { trashedCount: 0, keptPaths: [] };

/** Clips and projects that the user wants no more. */
export class Removals {
  readonly #ports: RemovalPorts;

  constructor(ports: RemovalPorts) {
    this.#ports = ports;
  }

  /** Forget a job. Its film goes to the trash first: what can't be put there stays, and is told. */
  async clip(id: JobId, trash: Trash): Promise<Removal> {
    const { service, clipPath } = this.#ports;
    if (service.isUnderWay(id)) return NOTHING;
    const path = await clipPath(id);
    const removal = path === null ? NOTHING : await putInTrash(path, trash);
    await service.remove(id);
    return removal;
  }

  /** A project with everything in it. Its own row goes last: a program that is ended half-way leaves a project that can be deleted. */
  async project(id: StudioProjectId, trash: Trash): Promise<Result<Removal, RequestProblem>> {
    const { home, service } = this.#ports;
    const refusal = service.projects.mayDelete(id);
    if (refusal) return err(refusal);
    const jobs = service.projects.jobsOf(id);
    if (jobs.some((job) => service.isUnderWay(job)))
      return err({ code: 'project-busy', field: 'project', value: id, legal: 'wait for it, or cancel it' });
    const removals: Removal[] = [];
    for (const job of jobs) removals.push(await this.clip(job, trash));
    await forgetLearned(id, home);
    service.projects.delete(id);
    return ok({
      trashedCount: removals.reduce((sum, { trashedCount }) => sum + trashedCount, 0),
      keptPaths: removals.flatMap(({ keptPaths }) => keptPaths),
    });
  }
}

async function putInTrash(path: string, trash: Trash): Promise<Removal> {
  try {
    await trash(path);
    return { trashedCount: 1, keptPaths: [] };
  } catch {
    // No trash on this system, or none for this disk.
    return { trashedCount: 0, keptPaths: [path] };
  }
}

/** Drift statistics for each pack, and verified clips that stood ready. */
async function forgetLearned(id: StudioProjectId, home: string): Promise<void> {
  const folder = dirname(homePaths(home).drift('pack', id));
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(`.${id}.json`));
  for (const name of names) await rm(join(folder, name), { force: true });
  await rm(templateFolder(homePaths(home).templates, id), { recursive: true, force: true });
}
