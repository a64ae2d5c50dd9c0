import type {
  HealthEvent,
  Limit,
  StageHealth,
  TextHealth as TextFigures,
  TimedStage,
} from '../../app/contract/health.ts';
import { defaultFrameBands } from '../../app/monitor/frame-bands.ts';
import type { FlowFigures } from '../../app/monitor/flow.ts';
import type { FrameFigures } from '../../app/monitor/frame.ts';
import { entropyBits } from '../../app/monitor/attention.ts';
import { isKeyword } from '../../app/monitor/keyword.ts';
import { judgedMoment, latentStdLimit } from '../../app/monitor/latent.ts';
import { DEFAULT_BANDS } from '../../app/monitor/step-bands.ts';
import type { StepJudge } from '../../app/monitor/step-judge.ts';
import type { TextJudgement } from '../../app/monitor/text-health.ts';
import type { WorkEvent } from '../host/attempt.ts';

const unjudged = { value: null, limit: null } as const;
const byDefault = (low: number | null, high: number | null): Limit => ({ low, high, source: 'default' });

/** What an event says, without the marks that are the same for a whole attempt. */
type BareEvent = HealthEvent extends infer E
  ? E extends HealthEvent
    ? Omit<E, 'jobId' | 'attempt' | 'atMs'>
    : never
  : never;

function textFigures(text: TextJudgement | null): Pick<TextFigures, 'drift' | 'mahalanobis' | 'kdeLogDensity'> {
  const { drift, distribution } = text ?? { drift: null, distribution: null };
  return {
    drift: drift ? { value: drift.distance, limit: { low: null, high: drift.threshold, source: 'history' } } : unjudged,
    mahalanobis: distribution
      ? { value: distribution.mahalanobis, limit: { low: null, high: distribution.threshold, source: 'calibration' } }
      : unjudged,
    kdeLogDensity: distribution
      ? { value: distribution.kde, limit: { low: distribution.kdeThreshold, high: null, source: 'calibration' } }
      : unjudged,
  };
}

/** Puts what the engine and the monitors report of one attempt into words for the health panel. */
export class HealthTeller {
  readonly #marks: { readonly jobId: string; readonly attempt: number };
  readonly #size: { readonly frameCount: number; readonly widthPx: number; readonly heightPx: number };
  readonly #send: (event: HealthEvent) => void;
  readonly #stageMs = new Map<TimedStage, number>();
  #tokens: readonly string[] = [];
  #expert: string | null = null;
  #framesTold = 0;

  constructor(
    marks: { readonly jobId: string; readonly attempt: number },
    size: { readonly frameCount: number; readonly widthPx: number; readonly heightPx: number },
    send: (event: HealthEvent) => void,
  ) {
    const { jobId, attempt } = marks;
    const { frameCount, widthPx, heightPx } = size;
    this.#marks = { jobId, attempt };
    this.#size = { frameCount, widthPx, heightPx };
    this.#send = send;
  }

  /**
   * @param judge  has seen the event before
   * @param text   what was judged of the prompt's embedding, once the text stage is done
   */
  see(event: WorkEvent, judge: StepJudge, text: TextJudgement | null = null): void {
    switch (event.kind) {
      case 'unit-started':
        if (event.unit === 0 || !this.#stageMs.has(event.stage)) this.#begin(event.stage);
        break;
      case 'text-done':
        this.#tokens = event.tokens;
        this.#tell({
          kind: 'text',
          text: { ...textFigures(text), tokens: event.tokens },
        });
        this.spent('text', event.tookMs);
        break;
      case 'step-done':
        this.#step(event, judge);
        break;
      case 'frames-decoded':
        this.spent('decode', event.tookMs);
        break;
      default:
        break;
    }
  }

  /** @param figures  of all frames so far, in order */
  frames(figures: readonly FrameFigures[]): void {
    const frames = figures.slice(this.#framesTold).map(({ luma, step }, index) => ({
      ...{ frame: this.#framesTold + index, luma, psnrDb: step?.psnrDb ?? null, ssim: step?.ssim ?? null },
      ...{ flowMagnitudePx: null, flowEntropyBits: null, warpErrorRatio: null, arrows: null },
    }));
    this.#framesTold = figures.length;
    const { blackLuma, whiteLuma, psnrFaultDb } = defaultFrameBands;
    const limits = { luma: byDefault(blackLuma, whiteLuma), psnrDb: byDefault(psnrFaultDb, null) };
    this.#tell({ kind: 'frames', frames, limits, ...this.#size });
  }

  /** What the optical flow adds to frames that were told of before; where it wasn't measured nothing is told again. */
  flow(flow: readonly (FlowFigures | null)[], figures: readonly FrameFigures[]): void {
    const frames = flow.flatMap((motion, i) => {
      const { luma = null, step = null } = figures[i + 1] ?? {};
      if (!motion) return [];
      return {
        ...{ frame: i + 1, luma, psnrDb: step?.psnrDb ?? null, ssim: step?.ssim ?? null },
        ...{ flowMagnitudePx: motion.magnitudePx, flowEntropyBits: motion.entropyBits },
        ...{ warpErrorRatio: motion.warpError, arrows: motion.arrows },
      };
    });
    if (frames.length > 0) this.#tell({ kind: 'frames', frames, limits: {}, ...this.#size });
  }

  /** Time spent in a stage, added to what it took before. */
  spent(stage: TimedStage, tookMs: number): void {
    const total = (this.#stageMs.get(stage) ?? 0) + tookMs;
    this.#stageMs.set(stage, total);
    const health: StageHealth = { stage, tookMs: total, medianMs: null, limitMs: null };
    this.#tell({ kind: 'stage', stage: health });
  }

  #begin(stage: TimedStage): void {
    this.#stageMs.set(stage, this.#stageMs.get(stage) ?? 0);
    this.#tell({ kind: 'logged', entry: { kind: 'stage-started', stage } });
  }

  #step(event: Extract<WorkEvent, { kind: 'step-done' }>, judge: StepJudge): void {
    const { step, stepCount, sigma, expert, tookMs, clean, cleanChannels, change } = event;
    const bands = judge.bands ?? DEFAULT_BANDS;
    const { source, changeRatio, attentionEntropyRatio } = bands;
    const tokenCount = this.#tokens.length;
    const fullBits = Math.log2(tokenCount);
    const floor = judge.keywordPeakFloor;
    if (this.#expert !== null && this.#expert !== expert)
      this.#tell({ kind: 'logged', entry: { kind: 'expert-changed', expert, step } });
    this.#expert = expert;
    const attention = this.#tokens.map((token, i) => ({
      token,
      peak: event.attentionMax[i] ?? null,
      coverage: event.attentionMean[i] ?? null,
      // The floor is against an even share of all tokens.
      peakFloor: floor !== null && isKeyword(token) ? floor / tokenCount : null,
    }));
    this.#tell({
      kind: 'step',
      step: {
        ...{ step, stepCount, sigma, expert, tookMs, attention, nonFiniteCount: clean.nonFiniteCount },
        mean: judgedMoment(cleanChannels, 'mean', bands) ?? { value: clean.mean, limit: null },
        std: judgedMoment(cleanChannels, 'std', bands) ?? { value: clean.std, limit: latentStdLimit },
        kurtosis: judgedMoment(cleanChannels, 'kurtosis', bands) ?? unjudged,
        changeRatio: { value: change?.ratio ?? null, limit: changeRatio && { ...changeRatio, source } },
        attentionEntropyBits: {
          value: entropyBits(event.attentionMean, tokenCount),
          limit: attentionEntropyRatio && {
            low: attentionEntropyRatio.low * fullBits,
            high: attentionEntropyRatio.high * fullBits,
            source,
          },
        },
      },
      map: event.attentionMap,
    });
    this.spent('denoise', tookMs);
  }

  #tell(event: BareEvent): void {
    this.#send({ ...event, ...this.#marks, atMs: Date.now() });
  }
}

/** What was measured by now and was not before; the rest is null, as it was told of already or is still not there. */
export function fresher(
  now: readonly (FlowFigures | null)[],
  before: readonly (FlowFigures | null)[],
): readonly (FlowFigures | null)[] {
  return now.map((motion, i) => (before[i] ? null : motion));
}
