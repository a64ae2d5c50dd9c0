import { err, ok, type Result } from '../base/result.ts';
import type { Injection } from '../contract/injection.ts';
import { checkInjections } from '../contract/injection-text.ts';
import type { JobRequest } from '../contract/job.ts';
import { fitsFrameRule, type PackManifest } from '../contract/pack.ts';
import { DEFAULT_PROJECT_ID } from '../contract/default.ts';
import { defaultDelivery, type Delivery } from '../contract/project.ts';
import type { PrecheckReport } from '../contract/report.ts';
import type { DraftRequest, RequestProblem } from '../contract/route.ts';
import type { StudioProject } from '../contract/studio-project.ts';
import { latentShape } from '../engine/latent.ts';
import { cleanPrompt, detectLanguage, isEmptyPrompt, hasControlCharacters, PROMPT_LIMIT_CHARACTERS } from './clean.ts';

export interface DraftSurroundings {
  /** What the precheck says of the prompt as typed; a sensitive one is refused. */
  readonly precheck?: PrecheckReport;
  /** The packs that can be used, the preferred one first. */
  readonly manifests: readonly PackManifest[];
  /** Projects that there are; absent: whichever is named will do. */
  readonly projects?: readonly StudioProject[];
  readonly delivery?: Delivery;
  readonly policy?: JobRequest['policy'];
  readonly deadlineSeconds?: number | null;
  /** Faults to be put into the run on purpose. */
  readonly injections?: readonly Injection[];
  /** Used when the user left the seed open. */
  readonly freshSeed: number;
}

export const STEP_LIMIT = 200;

/** Turn what the user asked for into a request with nothing left open, or name what is wrong and what would be legal. */
export function checkDraft(draft: DraftRequest, around: DraftSurroundings): Result<JobRequest, RequestProblem> {
  const textProblem = checkText('prompt', draft.prompt) ?? checkText('negative', draft.negative);
  if (textProblem) return err(textProblem);
  const prompt = cleanPrompt(draft.prompt);
  if (isEmptyPrompt(draft.prompt))
    return refuse('prompt-empty', 'prompt', '', 'some words that say what is to be seen');
  const sensitive = around.precheck?.findings.find(({ kind }) => kind === 'sensitive');
  if (sensitive)
    return refuse('prompt-sensitive', 'prompt', draft.prompt.slice(sensitive.from, sensitive.to), sensitive.message);

  const pack = draft.packId === null ? around.manifests[0] : around.manifests.find(({ id }) => id === draft.packId);
  if (!pack) return refuse('pack-unknown', 'pack', draft.packId ?? '', list(around.manifests.map(({ id }) => id)));
  const rung = draft.rung === null ? pack.rungs[0] : pack.rungs.find(({ name }) => name === draft.rung);
  if (!rung) return refuse('rung-unknown', 'rung', draft.rung ?? '', list(pack.rungs.map(({ name }) => name)));

  const frameCount = draft.frameCount ?? rung.frameCount;
  const { multiple, offset } = pack.frameRule;
  if (
    !Number.isInteger(frameCount) ||
    frameCount < 1 ||
    frameCount > rung.frameCount ||
    !fitsFrameRule(pack.frameRule, frameCount)
  )
    return refuse(
      'frames-illegal',
      'frames',
      String(draft.frameCount),
      list(legalFrameCounts(pack, rung.frameCount)) + ` (${multiple}n+${offset})`,
    );

  const steps = draft.steps ?? rung.steps;
  if (!Number.isInteger(steps) || steps < 1 || steps > STEP_LIMIT)
    return refuse('steps-illegal', 'steps', String(draft.steps), `a whole number from 1 to ${STEP_LIMIT}`);

  const seed = draft.seed ?? around.freshSeed;
  if (!Number.isSafeInteger(seed) || seed < 0)
    return refuse('seed-illegal', 'seed', String(draft.seed), `a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`);

  const deadlineSeconds = around.deadlineSeconds ?? null;
  if (deadlineSeconds !== null && !(deadlineSeconds > 0 && Number.isFinite(deadlineSeconds)))
    return refuse('deadline-illegal', 'deadline', String(deadlineSeconds), 'a number of seconds above 0');

  const injections = around.injections ?? [];
  const latentFrames = latentShape(pack.latent, { ...rung, frameCount }).frames;
  const misplaced = checkInjections(injections, { steps, frameCount, latentFrames });
  if (misplaced) return refuse('fault-illegal', 'fault', misplaced.value, misplaced.legal);

  const { projectId = DEFAULT_PROJECT_ID } = draft;
  if (around.projects?.some(({ id }) => id === projectId) === false)
    return refuse('project-unknown', 'project', projectId, list(around.projects.map(({ id, name }) => name || id)));

  const language = detectLanguage(prompt);
  const negative = cleanPrompt(draft.negative) || pack.defaultNegative[language === 'zh' ? 'zh' : 'en'];
  return ok({
    prompt,
    negative,
    packId: pack.id,
    rung: rung.name,
    frameCount,
    steps,
    seed,
    policy: around.policy ?? 'auto',
    delivery: around.delivery ?? { ...defaultDelivery, fps: pack.fps },
    deadlineSeconds,
    isPackChosen: draft.isPackChosen ?? draft.packId !== null,
    projectId,
    ...(injections.length > 0 ? { injections } : {}),
  });
}

export function legalFrameCounts({ frameRule }: Pick<PackManifest, 'frameRule'>, limit: number): readonly number[] {
  return Array.from({ length: limit }, (_, i) => i + 1).filter((count) => fitsFrameRule(frameRule, count));
}

function checkText(field: 'prompt' | 'negative', text: string): RequestProblem | null {
  if (text.length > PROMPT_LIMIT_CHARACTERS)
    return problem(
      'prompt-too-long',
      field,
      `${text.length} characters`,
      `at most ${PROMPT_LIMIT_CHARACTERS} characters`,
    );
  if (!text.isWellFormed())
    return problem('prompt-malformed', field, 'half of a surrogate pair', 'well-formed Unicode text');
  if (hasControlCharacters(text))
    return problem('prompt-control-characters', field, 'control characters', 'text, spaces, tabs and line ends');
  return null;
}

function problem(code: RequestProblem['code'], field: string, value: string, legal: string): RequestProblem {
  return { code, field, value, legal };
}

function refuse(...parts: Parameters<typeof problem>): Result<never, RequestProblem> {
  return err(problem(...parts));
}

const list = (values: readonly (string | number)[]): string => values.join(', ');
