import type { Calibration } from '../../app/contract/calibration.ts';
import type { JobRequest } from '../../app/contract/job.ts';
import type { RawFrames } from '../../app/contract/ledger.ts';
import type { RunReport } from '../../app/contract/report.ts';
import type { TemplateClip, TemplateSpace, TemplateStore } from './template-store.ts';

/** Prompts whose meaning is remembered while the program runs. */
const KNOWN_LIMIT = 500;

/** What the shelf has to know of a pack. */
interface ShelfPack {
  readonly sha256: string;
  readonly calibration?: Pick<Calibration, 'templates'> | null;
}

/** The store of templates as jobs see it: by request, with what the engine said of its words. */
export class TemplateShelf {
  readonly #store: TemplateStore;
  readonly #packOf: (packId: string) => ShelfPack | null;
  readonly #known = new Map<string, Float32Array>();

  constructor(store: TemplateStore, packOf: (packId: string) => ShelfPack | null) {
    this.#store = store;
    this.#packOf = packOf;
  }

  /** The engine has read these words; whatever becomes of the run, their meaning is known from here on. */
  note(request: JobRequest, pooled: Float32Array): void {
    if (!pooled.every((value) => Number.isFinite(value))) return;
    const key = keyOf(request);
    this.#known.delete(key);
    this.#known.set(key, pooled.slice());
    const [oldest] = this.#known.keys();
    if (this.#known.size > KNOWN_LIMIT && oldest !== undefined) this.#known.delete(oldest);
    // Looked at now, while the engine works: a decision that asks later has the answer at once.
    this.has(request).catch(() => undefined);
  }

  /** Whether there is one to be had; nothing is unpacked for the answer. */
  async has(request: JobRequest): Promise<boolean> {
    const pooled = this.#known.get(keyOf(request));
    const space = this.#spaceOf(request);
    return pooled !== undefined && space !== null && (await this.#store.has(space, pooled));
  }

  /** Frames of the nearest verified clip at `outPath`; null where there is none, or the meaning of these words is not known. */
  async find(request: JobRequest, outPath: string, signal: AbortSignal): Promise<TemplateClip | null> {
    const pooled = this.#known.get(keyOf(request));
    const space = this.#spaceOf(request);
    return pooled && space ? this.#store.clip(space, pooled, outPath, signal) : null;
  }

  /** Keep a delivered clip, if it is what was asked for and nothing was found wrong with it on the way. */
  async keep(request: JobRequest, report: RunReport, frames: RawFrames, signal: AbortSignal): Promise<boolean> {
    const pooled = this.#known.get(keyOf(request));
    const space = this.#spaceOf(request);
    if (!isVerified(report) || !pooled || !space) return false;
    const { packVersion } = report.request;
    const { seed, rung } = request;
    const kept = await this.#store.keep(
      space,
      pooled,
      frames,
      { runId: report.runId, packVersion, seed, rung },
      signal,
    );
    return kept.ok;
  }

  #spaceOf({ packId, projectId: project }: JobRequest): TemplateSpace | null {
    const pack = this.#packOf(packId);
    return (
      pack && {
        project,
        packSha256: pack.sha256,
        sameSceneDistance: pack.calibration?.templates?.sameSceneDistance,
      }
    );
  }
}

const keyOf = ({ projectId, packId, prompt }: JobRequest): string => [projectId, packId, prompt].join('\n');

/** What was asked for, and no monitor said a word; an encoder that had to be helped is no matter, since the file was verified. */
const isVerified = ({ delivered, attempts }: RunReport): boolean =>
  delivered.grade === 'full' &&
  attempts.every(({ faults }) => faults.every(({ stage, severity }) => stage === 'export' && severity === 'warning'));
