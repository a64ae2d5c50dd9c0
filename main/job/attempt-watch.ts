import type { Calibration } from '../../app/contract/calibration.ts';
import type { TensorFacts } from '../../app/contract/engine.ts';
import type { Progress } from '../../app/contract/job.ts';
import type { PackManifest } from '../../app/contract/pack.ts';
import type { AttemptReport, FaultReport } from '../../app/contract/report.ts';
import type { LatencyLimits } from '../../app/contract/resource.ts';
import { defaultLatencyLimits } from '../../app/contract/default.ts';
import { latentShape } from '../../app/engine/latent.ts';
import { faultOf, needsCure } from '../../app/monitor/fault.ts';
import { judgeDecoded } from '../../app/monitor/latent.ts';
import { judgeStall } from '../../app/monitor/latency.ts';
import { StepJudge } from '../../app/monitor/step-judge.ts';
import {
  estimate,
  expectedUnitPrices,
  type StageWork,
  type TimedStage,
  type UnitPrices,
} from '../../app/plan/estimate.ts';
import { isStill } from '../../app/plan/ladder.ts';
import type { RenderPlan } from '../../app/plan/render-plan.ts';
import type { WorkEvent } from '../host/attempt.ts';

export interface AttentionFigure {
  readonly token: string;
  peak: number;
  coverage: number;
}

const NOTHING: StageWork = { unitCount: 0, doneMs: [] };

/** Listens to one attempt: keeps its figures, tells its progress, and says at once when it is doomed. */
export class AttemptWatch {
  readonly faults: FaultReport[] = [];
  readonly experts: string[] = [];
  readonly attention: AttentionFigure[] = [];
  wasTruncated = false;
  stepsRun = 0;
  /** Judges the steps of this attempt; it knows the tokens once the text is encoded. */
  judge: StepJudge;
  /** A fault was found that no further work can undo. */
  isDoomed = false;

  readonly #startedMs = performance.now();
  readonly #prices: UnitPrices;
  readonly #work: Record<TimedStage, { unitCount: number; doneMs: number[] }>;
  readonly #firstStep: number;
  readonly #latency: LatencyLimits;
  readonly #onProgress: (progress: Progress) => void;
  readonly #onDoomed: (fault: FaultReport) => void;
  #stoppedSeconds: number | null = null;

  constructor(options: {
    readonly plan: RenderPlan;
    readonly pack: PackManifest;
    /** Null for a pack that was never calibrated. */
    readonly calibration?: Calibration | null;
    readonly firstStep: number;
    readonly latency?: LatencyLimits;
    readonly onProgress: (progress: Progress) => void;
    readonly onDoomed: (fault: FaultReport) => void;
  }) {
    const { plan, pack, firstStep } = options;
    // A window is made inside of a clip that is there, a still is one picture: none of the runs that were calibrated.
    const calibrated =
      plan.window || isStill(plan) ? null : options.calibration?.rungs.find((one) => one.rung === plan.rung);
    this.judge = new StepJudge(calibrated ?? null, []);
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
        this.judge = this.judge.withTokens(event.tokens);
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
        // After its first fault an attempt only runs until the engine hears of it.
        if (!this.isDoomed)
          for (const fault of this.judge.judge(event)) {
            if (needsCure(fault)) this.#doom({ ...fault, evidence: { ...fault.evidence, expert: event.expert } });
            else this.faults.push(fault);
          }
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

  /** What was not computed because it was not needed, at this run's own pace; null where all of it was. */
  get savedSeconds(): AttemptReport['savedSeconds'] {
    const stepsMs = this.#work.denoise.doneMs.toSorted((a, b) => a - b);
    const stepMs = stepsMs[Math.floor(stepsMs.length / 2)] ?? this.#prices.denoise;
    const resume = (this.#firstStep * stepMs) / 1_000;
    return this.#stoppedSeconds === null && resume === 0 ? null : { earlyStop: this.#stoppedSeconds ?? 0, resume };
  }

  stageMs(): { readonly text: number; readonly denoise: number; readonly decode: number } {
    const sum = ({ doneMs }: StageWork): number => doneMs.reduce((total, ms) => total + ms, 0);
    return { text: sum(this.#work.text), denoise: sum(this.#work.denoise), decode: sum(this.#work.decode) };
  }

  /** Only the first fault stops the attempt; the engine ends at the next unit of work. */
  #doom(fault: FaultReport): void {
    // What it shows until the engine hears of it follows from the first.
    if (this.isDoomed) return;
    this.isDoomed = true;
    const { remainingMs } = estimate('denoise', { ...this.#work, export: NOTHING }, this.#prices, 0);
    this.#stoppedSeconds = (remainingMs?.low ?? 0) / 1_000;
    const stop = fault.step === null ? {} : { stoppedAtStep: fault.step, savedSeconds: this.#stoppedSeconds };
    this.faults.push({ ...fault, evidence: { ...fault.evidence, ...stop } });
    this.#onDoomed(fault);
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
