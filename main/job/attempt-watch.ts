import type { TensorFacts } from '../../app/contract/engine.ts';
import type { JobRequest, Progress } from '../../app/contract/job.ts';
import type { PackManifest } from '../../app/contract/pack.ts';
import type { FaultReport, Finding } from '../../app/contract/report.ts';
import { defaultLatencyLimits, type LatencyLimits } from '../../app/contract/resource.ts';
import { latentShape } from '../../app/engine/latent.ts';
import { faultOf } from '../../app/monitor/fault.ts';
import { judgeDecoded, judgeLatent } from '../../app/monitor/latent.ts';
import { judgeStall } from '../../app/monitor/latency.ts';
import {
  estimate,
  expectedUnitPrices,
  type StageWork,
  type TimedStage,
  type UnitPrices,
} from '../../app/plan/estimate.ts';
import type { RenderPlan } from '../../app/plan/render-plan.ts';
import type { WorkEvent } from '../host/engine-host.ts';

export interface AttentionFigure {
  readonly token: string;
  peak: number;
  coverage: number;
}

/** Listens to one attempt: keeps its figures, tells its progress, and says at once when it is doomed. */
export class AttemptWatch {
  readonly faults: FaultReport[] = [];
  readonly experts: string[] = [];
  readonly attention: AttentionFigure[] = [];
  wasTruncated = false;
  stepsRun = 0;

  readonly #startedMs = performance.now();
  readonly #prices: UnitPrices;
  readonly #work: Record<TimedStage, { unitCount: number; doneMs: number[] }>;
  readonly #firstStep: number;
  readonly #latency: LatencyLimits;
  readonly #onProgress: (progress: Progress) => void;
  readonly #onDoomed: () => void;

  constructor(options: {
    readonly plan: RenderPlan;
    readonly pack: PackManifest;
    readonly firstStep: number;
    readonly latency?: LatencyLimits;
    readonly onProgress: (progress: Progress) => void;
    readonly onDoomed: () => void;
  }) {
    const { plan, pack, firstStep } = options;
    const decodeUnits = latentShape(pack.latent, plan).frames;
    const rung = pack.rungs.find(({ name }) => name === plan.rung);
    this.#prices = expectedUnitPrices(rung ?? { expectedSeconds: 10, steps: plan.steps }, decodeUnits);
    this.#work = {
      text: { unitCount: 1, doneMs: [] },
      denoise: { unitCount: plan.steps - firstStep, doneMs: [] },
      decode: { unitCount: decodeUnits, doneMs: [] },
      export: { unitCount: 1, doneMs: [] },
    };
    this.#firstStep = firstStep;
    this.#latency = options.latency ?? defaultLatencyLimits;
    this.#onProgress = options.onProgress;
    this.#onDoomed = options.onDoomed;
  }

  see(event: WorkEvent): void {
    switch (event.kind) {
      case 'unit-started':
        if (event.unit === 0 || event.stage !== 'denoise') this.#tell(event.stage);
        break;
      case 'text-done':
        this.#work.text.doneMs.push(event.tookMs);
        this.wasTruncated = event.wasTruncated;
        this.attention.push(...event.tokens.map((token) => ({ token, peak: 0, coverage: 0 })));
        if (event.facts.nonFiniteCount > 0) this.#doom(textFault(event.facts));
        break;
      case 'step-done': {
        this.#noteStall('denoise', event.step, event.tookMs);
        this.#work.denoise.doneMs.push(event.tookMs);
        this.stepsRun = event.step + 1 - this.#firstStep;
        if (this.experts.at(-1) !== event.expert) this.experts.push(event.expert);
        this.attention.forEach((figure, i) => {
          figure.peak = Math.max(figure.peak, event.attentionMax[i] ?? 0);
          figure.coverage += (event.attentionMean[i] ?? 0) / event.stepCount;
        });
        this.#tell('denoise');
        const fault = judgeLatent(event.step, event.clean);
        if (fault) this.#doom(fault);
        break;
      }
      case 'frames-decoded': {
        this.#noteStall('decode', this.#work.decode.doneMs.length, event.tookMs);
        this.#work.decode.doneMs.push(event.tookMs);
        this.#tell('decode');
        const fault = judgeDecoded(event.firstFrame, event.facts);
        if (fault) this.#doom(fault);
        break;
      }
      default:
        break;
    }
  }

  stageMs(): { readonly text: number; readonly denoise: number; readonly decode: number } {
    const sum = ({ doneMs }: StageWork): number => doneMs.reduce((total, ms) => total + ms, 0);
    return { text: sum(this.#work.text), denoise: sum(this.#work.denoise), decode: sum(this.#work.decode) };
  }

  /** Only the first fault stops the attempt; the engine ends at the next unit of work. */
  #doom(fault: FaultReport): void {
    this.faults.push(fault);
    this.#onDoomed();
  }

  /** A unit that took far longer than those before it; noted, no reason to stop. */
  #noteStall(stage: 'denoise' | 'decode', unit: number, tookMs: number): void {
    const stall = judgeStall({ stage, unit, tookMs, pastMs: this.#work[stage].doneMs }, this.#latency);
    if (stall) this.faults.push(stall);
  }

  #tell(stage: TimedStage): void {
    this.#onProgress(estimate(stage, this.#work, this.#prices, performance.now() - this.#startedMs));
  }
}

function textFault(facts: TensorFacts): FaultReport {
  const { nonFiniteCount, elementCount } = facts;
  return faultOf('latent-nonfinite', 'text', { nonFiniteCount, elementCount });
}

/** What the tokenizer had to leave out, as a finding beside those of the precheck. */
export function truncationFinding(request: JobRequest, maxTokens: number): Finding {
  return {
    kind: 'too-long',
    from: 0,
    to: request.prompt.length,
    message: `The model reads the first ${maxTokens} tokens only; the end of the prompt was not used`,
    rewrite: request.prompt,
  };
}
