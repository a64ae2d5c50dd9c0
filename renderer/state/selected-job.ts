import type { JobState } from '../../app/plan/job-state.ts';
import { useStudio } from './studio-store.ts';

/** The job that the stage shows; null for the empty stage. */
export const useSelectedJob = (): JobState | null =>
  useStudio(({ jobs, selectedJobId }) => jobs.find(({ id }) => id === selectedJobId) ?? null);
