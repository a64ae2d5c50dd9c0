import type { RequestProblem } from '../../app/contract/route.ts';
import type { StudioProject, StudioProjectId } from '../../app/contract/studio-project.ts';
import { DEFAULT_PROJECT_ID } from '../../app/contract/default.ts';
import type { JobList } from '../../app/plan/job-state.ts';
import { ask } from './ask.ts';
import { saveSoon } from './draft.ts';
import { tellKept } from './intents.ts';
import { newest } from './fold-feed.ts';
import { changeStudio, readStudio } from './studio-store.ts';

/** Clips of one project: the others are neither counted nor shown in it. */
export const jobsIn = (jobs: JobList, project: StudioProjectId): JobList =>
  jobs.filter(({ request }) => request.projectId === project);

/** The remembered project, or the first one where that is gone. */
export const openableProject = (projects: readonly StudioProject[], wanted: StudioProjectId): StudioProjectId =>
  projects.some(({ id }) => id === wanted) ? wanted : DEFAULT_PROJECT_ID;

/** Look into another project; what is being typed comes along. */
export function openProject(projectId: StudioProjectId): void {
  const { jobs } = readStudio();
  changeStudio({ projectId, selectedJobId: newest(jobsIn(jobs, projectId)), inspection: null });
  saveSoon();
}

type Refusal = RequestProblem['code'] | 'unsaid' | null;

/** @returns why it was not made; null when it is there and open */
export async function createProject(name: string): Promise<Refusal> {
  const answer = await ask('project.create', { name });
  if (!answer) return 'unsaid';
  if (answer.value.kind === 'refused') return answer.value.problem.code;
  openProject(answer.value.project.id);
  return null;
}

/** @returns why it is still there; null when it is gone, and the first project is open in its place */
export async function deleteProject(projectId: StudioProjectId): Promise<Refusal> {
  const answer = await ask('project.delete', { projectId });
  if (!answer) return 'unsaid';
  if (answer.value.kind === 'refused') return answer.value.problem.code;
  tellKept(answer.value.removal);
  if (readStudio().projectId === projectId) openProject(DEFAULT_PROJECT_ID);
  return null;
}

/** @returns why it keeps its name; null when it has the new one */
export async function renameProject(projectId: StudioProjectId, name: string): Promise<Refusal> {
  const answer = await ask('project.rename', { projectId, name });
  if (!answer) return 'unsaid';
  return answer.value.kind === 'refused' ? answer.value.problem.code : null;
}
