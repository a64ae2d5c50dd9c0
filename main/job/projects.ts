import { randomUUID } from 'node:crypto';

import { err, ok, type Result } from '../../app/base/result.ts';
import type { JobId } from '../../app/contract/job.ts';
import type { RequestProblem } from '../../app/contract/route.ts';
import type { StudioProject, StudioProjectId } from '../../app/contract/studio-project.ts';
import { checkProjectName, isSameName, nameTaken } from '../../app/timeline/project-name.ts';
import { DEFAULT_PROJECT_ID } from '../../app/contract/default.ts';
import { withRoom } from './job-history.ts';
import type { RunStore } from '../store/run-store.ts';

/** The studio's projects: each a namespace of its own for history, drift and templates. */
export class Projects {
  readonly #store: RunStore;
  readonly #onChange: (projects: readonly StudioProject[]) => void;

  constructor(store: RunStore, onChange: (projects: readonly StudioProject[]) => void) {
    this.#store = store;
    this.#onChange = onChange;
  }

  /** Never empty: the first project is always there. */
  list(): readonly StudioProject[] {
    return this.#store.projects();
  }

  create(typed: string): Result<StudioProject, RequestProblem> {
    return this.#save(randomUUID(), typed);
  }

  rename(id: StudioProjectId, typed: string): Result<StudioProject, RequestProblem> {
    const all = this.list();
    if (all.some((one) => one.id === id)) return this.#save(id, typed);
    const legal = all.map(({ id: known, name }) => name || known).join(', ');
    return err({ code: 'project-unknown', field: 'project', value: id, legal });
  }

  /** The project of that name, made where there is none; where a full disk takes no new one, the first. */
  named(typed: string): Result<StudioProject, RequestProblem> {
    const name = checkProjectName(typed, []);
    if (!name.ok) return name;
    const known = this.list().find((one) => isSameName(one.name, name.value));
    if (known) return ok(known);
    let made: Result<StudioProject, RequestProblem> | null = null;
    withRoom(() => (made = this.create(name.value)));
    return made ?? ok({ id: DEFAULT_PROJECT_ID, name: '' });
  }

  /** Why a project can't be deleted; null where it can. */
  mayDelete(id: StudioProjectId): RequestProblem | null {
    const others = this.list().filter((one) => one.id !== DEFAULT_PROJECT_ID);
    const legal = others.map(({ name }) => name).join(', ');
    if (id === DEFAULT_PROJECT_ID) return { code: 'project-first', field: 'project', value: id, legal };
    return others.some((one) => one.id === id) ? null : { code: 'project-unknown', field: 'project', value: id, legal };
  }

  /** The row alone: what is in it is gone by then. */
  delete(id: StudioProjectId): void {
    this.#store.removeProject(id);
    this.#onChange(this.list());
  }

  jobsOf(id: StudioProjectId): readonly JobId[] {
    return this.#store.jobsOf(id);
  }

  #save(id: StudioProjectId, typed: string): Result<StudioProject, RequestProblem> {
    const name = checkProjectName(typed, this.list(), id);
    if (!name.ok) return name;
    const project = { id, name: name.value };
    // Another program may have taken the name between the look and the write.
    if (!this.#store.saveProject(project)) return err(nameTaken(name.value));
    this.#onChange(this.list());
    return ok(project);
  }
}
