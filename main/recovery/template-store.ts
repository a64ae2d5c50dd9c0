import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import { ok, type Result } from '../../app/base/result.ts';
import type { RawFrames } from '../../app/contract/ledger.ts';
import type { TemplateOrigin } from '../../app/contract/report.ts';
import { nearestTemplate, overdue, TEMPLATE_LIMITS, type TemplateLimits } from '../../app/recovery/template.ts';
import { framesFromVideo, videoFromFrames } from '../export/archive.ts';
import { hashFile } from '../export/draft.ts';
import type { ExportFault } from '../export/fault.ts';
import { replaceFile } from '../store/atomic-file.ts';

const template = z.strictObject({
  id: z.uuid(),
  pooled: z.array(z.number()).readonly(),
  file: z.string().regex(/^[0-9a-f-]+\.mkv$/),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().positive(),
  widthPx: z.int().positive(),
  heightPx: z.int().positive(),
  frameCount: z.int().positive(),
  fps: z.number().positive(),
  usedAtMs: z.number(),
  /** Where it comes from: told with every clip that is delivered from it. */
  origin: z.strictObject({ runId: z.string(), packVersion: z.string(), seed: z.int().nonnegative(), rung: z.string() }),
});
export type Template = z.infer<typeof template>;
const index = z.strictObject({ version: z.literal(1), templates: z.array(template).readonly() });

/** Whose templates: a project sees its own, and only those of the very pack that it renders with. */
export interface TemplateSpace {
  readonly project: string;
  readonly packSha256: string;
  /** By the pack's calibration; absent where it has none. */
  readonly sameSceneDistance?: number | undefined;
}

/** A clip of the store that may stand in for another one. */
export interface TemplateClip {
  /** As they were rendered, in the file that was asked for. */
  readonly frames: RawFrames;
  /** With a likeness of 1 for the same prompt, falling with the distance of the prompts' embeddings. */
  readonly origin: TemplateOrigin;
}

export interface FoundTemplate {
  readonly template: Template;
  readonly distance: number;
}

/** Everything of one project. Its name may be anything; its letters are no path. */
export const templateFolder = (folder: string, project: string): string =>
  join(folder, Buffer.from(project).toString('hex').slice(0, 120) || 'none');

/** Verified clips by the meaning of their prompts, kept without the prompts themselves. Bounded in number and bytes. */
export class TemplateStore {
  readonly #folder: string;
  readonly #limits: TemplateLimits;
  /** Indexes by their folder, for as long as their file is what it was. */
  readonly #indexes = new Map<string, { readonly state: string; readonly templates: readonly Template[] }>();
  /** Files that were found whole, in the state in which they were. */
  readonly #sound = new Map<string, string>();
  /** One change at a time: an index is read, changed and written as a whole. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(folder: string, limits: TemplateLimits = TEMPLATE_LIMITS) {
    this.#folder = folder;
    this.#limits = limits;
  }

  /** Keep a clip. The caller vouches that it is of grade full and that no monitor warned of it. */
  async keep(
    space: TemplateSpace,
    pooled: Float32Array,
    frames: RawFrames,
    origin: Template['origin'],
    signal: AbortSignal,
  ): Promise<Result<Template, ExportFault>> {
    return this.#inTurn(async () => {
      const folder = this.#folderOf(space);
      await mkdir(folder, { recursive: true });
      const id = randomUUID();
      const file = `${id}.mkv`;
      const made = await videoFromFrames(frames, join(folder, file), signal);
      if (!made.ok) return made;
      const { sha256, bytes } = await hashFile(join(folder, file));
      const { widthPx, heightPx, frameCount, fps } = frames;
      const kept: Template = {
        ...{ id, pooled: [...pooled], file, sha256, bytes },
        ...{ widthPx, heightPx, frameCount, fps, usedAtMs: Date.now(), origin },
      };
      await this.#save(space, [...(await this.#index(space)), kept]);
      return ok(kept);
    });
  }

  /**
   * Whether `find` would find one. A decision waits for the answer: so nothing is written for it, nobody who keeps a clip is waited
   * for, and what was read before is not read again while its file is the same.
   */
  async has(space: TemplateSpace, pooled: Float32Array): Promise<boolean> {
    for (let templates = await this.#index(space); ;) {
      const nearest = nearestTemplate(templates, pooled, space.sameSceneDistance);
      if (!nearest) return false;
      if (await this.#wasSound(space, nearest.template)) return true;
      templates = templates.filter(({ id }) => id !== nearest.template.id);
    }
  }

  /** The nearest clip of the same scene whose file is still what it was; damaged ones are thrown out on the way. */
  async find(space: TemplateSpace, pooled: Float32Array): Promise<FoundTemplate | null> {
    return this.#inTurn(async () => {
      for (let templates = await this.#index(space); ;) {
        const nearest = nearestTemplate(templates, pooled, space.sameSceneDistance);
        if (!nearest) return null;
        const { template: found } = nearest;
        const isSound = await this.#isSound(space, found);
        templates = templates.flatMap((one) =>
          one.id !== found.id ? [one] : isSound ? [{ ...one, usedAtMs: Date.now() }] : [],
        );
        await this.#save(space, templates);
        if (isSound) return { template: found, distance: nearest.distance };
      }
    });
  }

  /** Its frames as they were rendered, at `outPath`. */
  async frames(
    space: TemplateSpace,
    { file, widthPx, heightPx, frameCount, fps }: Template,
    outPath: string,
    signal: AbortSignal,
  ): Promise<Result<RawFrames, ExportFault>> {
    const wanted = { framesPath: outPath, widthPx, heightPx, frameCount, fps };
    return framesFromVideo(join(this.#folderOf(space), file), wanted, signal);
  }

  /** Find and unpack in one; null where there is none, or none that can be unpacked. */
  async clip(
    space: TemplateSpace,
    pooled: Float32Array,
    outPath: string,
    signal: AbortSignal,
  ): Promise<TemplateClip | null> {
    const found = await this.find(space, pooled);
    if (!found) return null;
    const frames = await this.frames(space, found.template, outPath, signal);
    return frames.ok
      ? { frames: frames.value, origin: { ...found.template.origin, likeness: Math.max(0, 1 - found.distance) } }
      : null;
  }

  async #isSound(space: TemplateSpace, { file, sha256 }: Template): Promise<boolean> {
    try {
      return (await hashFile(join(this.#folderOf(space), file))).sha256 === sha256;
    } catch {
      return false;
    }
  }

  /** As `#isSound`, but a file that has not been touched since it was looked at is not looked at again. */
  async #wasSound(space: TemplateSpace, one: Template): Promise<boolean> {
    const path = join(this.#folderOf(space), one.file);
    const state = await stateOf(path);
    if (state !== null && this.#sound.get(path) === state) return true;
    const isSound = await this.#isSound(space, one);
    if (isSound && state !== null) this.#sound.set(path, state);
    else this.#sound.delete(path);
    return isSound;
  }

  async #index(space: TemplateSpace): Promise<readonly Template[]> {
    const path = this.#indexPath(space);
    const state = await stateOf(path);
    if (state === null) return [];
    const known = this.#indexes.get(path);
    if (known?.state === state) return known.templates;
    try {
      const { templates } = index.parse(JSON.parse(await readFile(path, 'utf8')));
      this.#indexes.set(path, { state, templates });
      return templates;
    } catch {
      // None yet, or damaged: a cache that can't be read is an empty one.
      return [];
    }
  }

  async #save(space: TemplateSpace, templates: readonly Template[]): Promise<void> {
    const gone = overdue(templates, this.#limits);
    const kept = templates.filter((one) => !gone.includes(one));
    await replaceFile(this.#indexPath(space), JSON.stringify({ version: 1, templates: kept }));
    for (const { file } of gone) await rm(join(this.#folderOf(space), file), { force: true });
  }

  #folderOf({ project, packSha256 }: TemplateSpace): string {
    return join(templateFolder(this.#folder, project), packSha256.slice(0, 32));
  }

  #indexPath(space: TemplateSpace): string {
    return join(this.#folderOf(space), 'index.json');
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

/** What tells a file from the one that was there before; null where there is none. */
async function stateOf(path: string): Promise<string | null> {
  try {
    const { ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
    return [ino, size, mtimeNs, ctimeNs].join(':');
  } catch {
    return null;
  }
}
