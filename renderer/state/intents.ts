import type { Injection } from '../../app/contract/injection.ts';
import type { JobId, JobRequest } from '../../app/contract/job.ts';
import type { ExportOptions } from '../../app/contract/route.ts';
import type { Removal } from '../../app/contract/studio-project.ts';
import { ask } from './ask.ts';
import { editDraft, rollSeed, saveNow } from './draft.ts';
import { foldStarted } from './fold-feed.ts';
import { chosenRung, frameCounts, packInUse } from './pack-choice.ts';
import { changeStudio, readStudio, showToast } from './studio-store.ts';

/**
 * Ask for a clip of the draft. A refusal is shown beside the field; the draft stays in any case.
 *
 * @param injections  faults to be put into the run: an experiment of the fault lab
 * @returns whether the clip will be made
 */
export async function generate(injections: readonly Injection[] = []): Promise<boolean> {
  const { draft, isSubmitting, packs, projectId } = readStudio();
  const pack = packInUse(packs, draft.packId);
  if (isSubmitting || !pack || draft.prompt.trim() === '') return false;
  changeStudio({ isSubmitting: true, refusal: null });
  saveNow();
  const { prompt, negative, seed } = draft;
  const rung = chosenRung(pack, draft.rung);
  // What was remembered may be illegal for the pack of today; null leaves it to the pack.
  const isLegal = rung !== null && draft.frameCount !== null && frameCounts(pack, rung).includes(draft.frameCount);
  const frameCount = isLegal ? draft.frameCount : null;
  const answer = await ask('job.submit', {
    ...{ prompt, negative, packId: pack.id, isPackChosen: pack.id === draft.packId, projectId },
    ...{ rung: rung?.name ?? null, frameCount, steps: null, seed },
    ...(injections.length > 0 ? { injections } : {}),
  });
  changeStudio({ isSubmitting: false });
  if (!answer) return false;
  if (answer.value.kind === 'refused') {
    changeStudio({ refusal: answer.value.problem });
    return false;
  }
  changeStudio({ selectedJobId: answer.value.jobId, inspection: null });
  if (!draft.isSeedLocked) rollSeed();
  return true;
}

export function selectJob(jobId: JobId | null): void {
  changeStudio({ selectedJobId: jobId, inspection: null });
}

export function cancelJob(jobId: JobId): void {
  void ask('job.cancel', { jobId });
}

export async function removeJob(jobId: JobId): Promise<void> {
  const answer = await ask('job.remove', { jobId });
  if (answer) tellKept(answer.value);
}

/** Films that the trash did not take are not lost, and whoever removed them should know where they are. */
export function tellKept({ keptPaths }: Removal): void {
  if (keptPaths.length > 0) showToast('kept-films', keptPaths.join('\n'));
}

export function revealClip(jobId: JobId): void {
  void ask('clip.reveal', { jobId });
}

export async function startExport(jobId: JobId, options: ExportOptions): Promise<void> {
  const answer = await ask('export.start', { jobId, options });
  if (answer?.value) changeStudio({ exports: foldStarted(readStudio().exports, { jobId, ...answer.value }) });
}

export function cancelExport(exportId: string): void {
  void ask('export.cancel', { exportId });
}

export function revealExport(exportId: string): void {
  void ask('export.reveal', { exportId });
}

/** Take over everything that a clip was asked with, its seed too: generating again then gives the same clip. */
export function reuseBrief({ prompt, negative, packId, isPackChosen, rung, frameCount, seed }: JobRequest): void {
  editDraft({ prompt, negative, packId: isPackChosen ? packId : null, rung, frameCount, seed });
  focusPrompt();
}

/** Clear the stage for something new; what is being typed stays. */
export function beginNewClip(): void {
  selectJob(null);
  focusPrompt();
}

export function focusPrompt(): void {
  document.querySelector<HTMLTextAreaElement>('#prompt')?.focus();
}
