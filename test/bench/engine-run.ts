import { join } from 'node:path';

import type { JobRequest } from '../../app/contract/job.ts';
import { checkDraft } from '../../app/prompt/check-draft.ts';
import { ffmpegClips } from '../../main/export/clip-maker.ts';
import { spawnEngineFrom } from '../../main/host/node-child.ts';
import { JobService } from '../../main/job/job-service.ts';
import { rootFolder } from '../guard/source.ts';
import type { Program } from './work.ts';

export const enginePath = join(rootFolder, 'dist', 'main', 'engine.js');
export const PROMPT = 'a red ball';

/** The real thing: queue, host, built engine, monitors, encoder, as `npm run render` runs them. */
export class EngineRun implements AsyncDisposable {
  readonly #service: JobService;
  readonly #request: JobRequest;
  readonly #program: Program;
  readonly #marks: { begunMs: number | null; endedMs: number | null };

  private constructor(service: JobService, request: JobRequest, program: Program, marks: EngineRun['marks']) {
    this.#service = service;
    this.#request = request;
    this.#program = program;
    this.#marks = marks;
  }

  get marks(): { begunMs: number | null; endedMs: number | null } {
    return this.#marks;
  }

  static async open(program: Program): Promise<EngineRun> {
    const marks: EngineRun['marks'] = { begunMs: null, endedMs: null };
    const service = await JobService.open({
      home: program.at('home'),
      root: program.root,
      spawnEngine: (options) => spawnEngineFrom(enginePath, options),
      clips: ffmpegClips,
      onEvent: (event) => {
        if (event.kind !== 'progressed') return;
        // Denoising tells of its beginning, decoding of each end: main has the last frame when it tells the last time.
        if (event.progress.stage === 'denoise') marks.begunMs ??= performance.now();
        if (event.progress.stage === 'decode') marks.endedMs = performance.now();
      },
      onStep: () => undefined,
      onHealth: () => undefined,
      onEngine: () => undefined,
    });
    const draft = { prompt: PROMPT, negative: '', packId: null, rung: null, frameCount: null, steps: null, seed: 7 };
    const manifests = service.packs.map(({ manifest }) => manifest);
    const request = checkDraft(draft, { manifests, policy: 'off', deadlineSeconds: null, freshSeed: 7 });
    if (!request.ok) throw new Error(`the pack refuses the measured request: ${request.error.code}`);
    return new EngineRun(service, request.value, program, marks);
  }

  /** From the first step's beginning to the arrival of the last frame in main, judged by the wall clock there. */
  async run(): Promise<number> {
    this.#marks.begunMs = null;
    this.#marks.endedMs = null;
    const job = this.#service.enqueue(this.#request, PROMPT, () => this.#program.at('clip.mp4'));
    const end = await job.end;
    await this.#service.remove(job.id);
    if (end.kind !== 'delivered') throw new Error(`the engine delivered nothing: ${JSON.stringify(end)}`);
    const { begunMs, endedMs } = this.#marks;
    if (end.report.attempts.length !== 1 || begunMs === null || endedMs === null)
      throw new Error(`the render took ${end.report.attempts.length} attempts; one can't be compared with that`);
    return endedMs - begunMs;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#service[Symbol.asyncDispose]();
  }
}
