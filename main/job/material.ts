import type { JobRequest } from '../../app/contract/job.ts';
import type { Pack } from '../pack/pack-store.ts';
import { stillMotion } from '../recovery/still-motion.ts';
import { TemplateShelf } from '../recovery/template-shelf.ts';
import { TemplateStore } from '../recovery/template-store.ts';
import { homePaths } from '../store/home.ts';
import type { MaterialCures } from './cures.ts';
import type { JobEnd } from './run-job.ts';

/** What keeping a clip for later may take. */
const KEEP_LIMIT_MS = 20_000;

/** The cures that work on pictures, and the clips that they may use later. */
export class Material implements AsyncDisposable {
  readonly cures: MaterialCures;
  readonly #shelf: TemplateShelf;
  #keeping: Promise<unknown> = Promise.resolve();

  constructor(home: string, packs: readonly Pack[]) {
    const packOf = (packId: string): Pack | null => packs.find(({ manifest }) => manifest.id === packId) ?? null;
    const shelf = new TemplateShelf(new TemplateStore(homePaths(home).templates), packOf);
    this.#shelf = shelf;
    this.cures = {
      stillMotion,
      hasTemplate: async (request) => shelf.has(request),
      template: async (request, outPath, signal) => shelf.find(request, outPath, signal),
      noteMeaning: (request, pooled) => shelf.note(request, pooled),
    };
  }

  /** Nobody waits for it: the clip is delivered already, and what can't be kept is no loss. */
  keep(request: JobRequest, { report, frames }: Extract<JobEnd, { kind: 'delivered' }>): void {
    const keep = async (): Promise<boolean> =>
      this.#shelf.keep(request, report, frames, AbortSignal.timeout(KEEP_LIMIT_MS));
    this.#keeping = this.#keeping.then(keep).catch(() => undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#keeping;
  }
}
