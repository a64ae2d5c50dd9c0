import type { DenoiseState } from '../../app/contract/engine.ts';
import type { PackManifest, Rung } from '../../app/contract/pack.ts';
import { WHOLE_DECODE, type AttemptPlan } from '../../app/contract/engine.ts';
import type { HealthyRun } from '../../app/monitor/fit-step-bands.ts';
import type { StepFigures } from '../../app/monitor/step-judge.ts';
import type { EngineHost } from '../host/engine-host.ts';

/** One run as it was seen, with what it took. */
export interface SeenRun extends HealthyRun {
  readonly prompt: string;
  readonly seed: number;
  readonly pooled: Float32Array;
  /** Decoded frames in order, each [heightPx, widthPx, 3]. */
  readonly frames: readonly Uint8Array[];
  readonly tookSeconds: number;
}

export interface RunOrder {
  readonly manifest: PackManifest;
  readonly rung: Rung;
  readonly prompt: string;
  readonly seed: number;
  readonly maskedExperts?: readonly string[];
}

/** An engine that can't render healthy clips can't be calibrated by them. */
export class RunFailed extends Error {}

/** One whole attempt outside of any job: nobody judges, everything is kept. */
export async function seeRun(host: EngineHost, order: RunOrder, signal: AbortSignal): Promise<SeenRun> {
  const { manifest, rung, prompt, seed } = order;
  let tokens: readonly string[] = [];
  let pooled = new Float32Array();
  const steps: StepFigures[] = [];
  const frames: Uint8Array[] = [];
  const startedMs = performance.now();
  const end = await host.run(
    { jobId: 'calibration', attempt: seed, plan: planOf(order), resume: NOISE },
    (event) => {
      if (event.kind === 'text-done') [tokens, pooled] = [event.tokens, Float32Array.from(event.pooled)];
      if (event.kind === 'step-done') steps.push(event);
      if (event.kind === 'frames-decoded') {
        const frameBytes = event.rgb.length / event.frameCount;
        for (let i = 0; i < event.frameCount; i += 1)
          frames.push(event.rgb.slice(i * frameBytes, (i + 1) * frameBytes));
      }
    },
    signal,
  );
  if (end.kind !== 'done')
    throw new RunFailed(
      end.kind === 'failed' ? `${end.fault.kind} ${JSON.stringify(end.fault.evidence)}` : 'it was cancelled',
    );
  const tookSeconds = (performance.now() - startedMs) / 1_000;
  if (frames.length !== rung.frameCount || steps.length !== rung.steps)
    throw new RunFailed(`rung ${rung.name} of ${manifest.id} gave ${steps.length} steps and ${frames.length} frames`);
  return { prompt, seed, tokens, pooled, steps, frames, tookSeconds };
}

/** What the text encoder makes of a text; nothing else is computed. */
export async function seeText(host: EngineHost, order: RunOrder, signal: AbortSignal): Promise<Float32Array> {
  let pooled: Float32Array | null = null;
  const end = await host.run(
    { jobId: 'calibration', attempt: 0, plan: planOf(order), resume: NOISE, stopAfter: 'text' },
    (event) => {
      if (event.kind === 'text-done') pooled = event.pooled;
    },
    signal,
  );
  if (end.kind !== 'done' || !pooled) throw new RunFailed(`the text "${order.prompt}" could not be encoded`);
  return pooled;
}

const NOISE: DenoiseState | null = null;

function planOf({ manifest, rung, prompt, seed, maskedExperts = [] }: RunOrder): AttemptPlan {
  const { widthPx, heightPx, frameCount, steps } = rung;
  const isChinese = /\p{Script=Han}/u.test(prompt);
  return {
    ...{ prompt, negative: manifest.defaultNegative[isChinese ? 'zh' : 'en'], seed },
    ...{ widthPx, heightPx, frameCount, steps, solver: manifest.scheduler.solver, maskedExperts },
    experts: rung.experts ?? null,
    decode: WHOLE_DECODE,
    window: null,
  };
}
