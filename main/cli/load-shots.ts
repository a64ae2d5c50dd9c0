import { readFile, stat } from 'node:fs/promises';
import { randomInt } from 'node:crypto';
import { join, resolve } from 'node:path';

import type { JobRequest } from '../../app/contract/job.ts';
import type { PackManifest } from '../../app/contract/pack.ts';
import { parseProject, PROJECT_LIMIT_BYTES, type Project } from '../../app/contract/project.ts';
import { shotFrameCount } from '../../app/plan/shot.ts';
import { precheckPrompt } from '../../app/precheck/precheck.ts';
import { checkDraft } from '../../app/prompt/check-draft.ts';
import { vocabularyOf } from '../precheck/lexicon.ts';
import { CommandProblem, describeProblem, exitCodes } from './problem.ts';
import type { RenderOptions } from './render-options.ts';

/** What is to be rendered, and in which of the studio's projects. */
export interface LoadedShots {
  /** The name of the project file; null for a prompt. */
  readonly projectName: string | null;
  readonly shots: readonly CheckedShot[];
}

/** A shot that was checked: what the job needs, and the text as typed. */
export interface CheckedShot {
  readonly name: string;
  readonly typedPrompt: string;
  readonly request: JobRequest;
}

/** Seeds that are left open are drawn here, small enough to be typed again. */
const SEED_RANGE = 2 ** 32;

/** The prompt, the project or the sample project as checked requests; options go before what a project says. */
export async function loadShots(
  options: RenderOptions,
  root: string,
  manifests: readonly PackManifest[],
): Promise<LoadedShots> {
  const project =
    options.prompt === null
      ? await readProject(options.project ?? join(root, 'resources', 'sample', 'first-light.steady.json'))
      : null;
  const wanted = project?.shots ?? [
    {
      id: 'prompt',
      prompt: options.prompt ?? '',
      negative: options.negative,
      seed: null,
      rung: null,
      durationSeconds: null,
      pack: null,
    },
  ];
  const shots = wanted.map((shot): CheckedShot => {
    const packId = options.pack ?? shot.pack;
    const rung = options.rung ?? shot.rung;
    const pack = packId === null ? manifests[0] : manifests.find(({ id }) => id === packId);
    const frameCount = options.frames ?? (pack ? shotFrameCount({ ...shot, rung }, pack) : null);
    const draft = {
      prompt: shot.prompt,
      negative: options.negative || shot.negative,
      packId,
      rung,
      frameCount,
      steps: options.steps,
      seed: options.seed ?? shot.seed,
    };
    const checked = checkDraft(draft, {
      manifests,
      precheck: precheckPrompt(shot.prompt, vocabularyOf(root)),
      policy: options.policy,
      deadlineSeconds: options.deadlineSeconds,
      injections: options.injections,
      freshSeed: randomInt(SEED_RANGE),
      ...(project ? { delivery: project.delivery } : {}),
    });
    if (!checked.ok)
      throw new CommandProblem(
        exitCodes.badRequest,
        `${project ? `shot "${shot.id}": ` : ''}${describeProblem(checked.error)}`,
      );
    return { name: shot.id, typedPrompt: shot.prompt, request: checked.value };
  });
  return { projectName: project?.name ?? null, shots };
}

async function readProject(path: string): Promise<Project> {
  const refuse = (why: string): CommandProblem =>
    new CommandProblem(
      exitCodes.badRequest,
      `project ${path} can't be opened: ${why}; legal: a *.steady.json file of version 1`,
    );
  const entry = await stat(resolve(path)).catch(() => null);
  if (!entry) throw refuse('there is no such file');
  if (!entry.isFile()) throw refuse('it is not a file');
  if (entry.size > PROJECT_LIMIT_BYTES) throw refuse(`it has ${entry.size} bytes, more than ${PROJECT_LIMIT_BYTES}`);
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) throw refuse('it may not be read');
  const project = parseProject(text);
  if (!project.ok) throw refuse(project.error);
  return project.value;
}
