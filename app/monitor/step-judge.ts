import type { RungCalibration } from '../contract/calibration.ts';
import type { ClipChange, EngineEventOf } from '../contract/engine.ts';
import type { FaultReport } from '../contract/report.ts';
import { judgeCollapse, judgeNeglect } from './attention.ts';
import { judgeLatent } from './latent.ts';
import { judgeProgress } from './progress.ts';
import { stepBands, type StepBands } from './step-bands.ts';

/** What the engine reports of a step, as far as it is judged. */
export type StepFigures = Pick<
  EngineEventOf<'step-done'>,
  | 'step'
  | 'stepCount'
  | 'sigma'
  | 'expert'
  | 'clean'
  | 'cleanChannels'
  | 'velocityChannels'
  | 'shadow'
  | 'change'
  | 'attentionMax'
  | 'attentionMean'
>;

/** Whether an expert's answer could be used, for the count of its abnormal ones. */
export interface ExpertAnswerNote {
  readonly expert: string;
  readonly step: number;
  readonly isSound: boolean;
  /** It was only asked: it is on trial. */
  readonly isTrial: boolean;
}

/** No expert of any calibration: held to the wider lines of a stand-in. */
const NOBODY = '';

/** Follows the denoising of one attempt: same steps, same calibration, same verdicts. */
export class StepJudge {
  readonly #rung: RungCalibration | null;
  readonly #tokens: readonly string[];
  readonly #changes: (ClipChange | null)[] = [];
  readonly #bands: StepBands[] = [];
  readonly #maxima: Float32Array[] = [];
  readonly answers: ExpertAnswerNote[] = [];

  /** @param rung  null where the pack was not calibrated, or the attempt is none of those that were */
  constructor(rung: RungCalibration | null, tokens: readonly string[]) {
    this.#rung = rung;
    this.#tokens = tokens;
  }

  /** A judge of the same lines for an attempt whose prompt is known. */
  withTokens(tokens: readonly string[]): StepJudge {
    return new StepJudge(this.#rung, tokens);
  }

  /** Lines of the newest step. */
  get bands(): StepBands | null {
    return this.#bands.at(-1) ?? null;
  }

  get keywordPeakFloor(): number | null {
    return this.#rung?.keywordPeakFloor ?? null;
  }

  /** The first thing that is wrong with this step, the gravest first; warnings only after the last step. */
  judge(figures: StepFigures): readonly FaultReport[] {
    const { step, stepCount, expert, clean, cleanChannels, velocityChannels, change, attentionMax, attentionMean } =
      figures;
    const bands = stepBands(this.#rung, figures);
    this.#bands.push(bands);
    this.#changes.push(change);
    this.#maxima.push(attentionMax);
    const latent = judgeLatent(step, clean, cleanChannels, bands, expert);
    const isBroken = latent?.kind === 'latent-nonfinite';
    // A prompt that no longer steers shows in the latent as well: the cause is named, not what follows from it.
    const collapse = isBroken ? null : judgeCollapse(step, attentionMean, this.#tokens.length, bands);
    const fault = collapse ?? latent ?? judgeProgress(step, this.#changes, this.#bands);
    const isSound = velocityChannels.nonFiniteCount === 0 && latent === null;
    this.answers.push({ expert, step, isSound, isTrial: false });
    if (figures.shadow) this.answers.push(this.#judgeTrial(figures, figures.shadow));
    if (fault) return [fault];
    return step === stepCount - 1 ? judgeNeglect(this.#tokens, this.#maxima, this.keywordPeakFloor) : [];
  }

  #judgeTrial(figures: StepFigures, shadow: NonNullable<StepFigures['shadow']>): ExpertAnswerNote {
    const { step } = figures;
    const { expert, clean, cleanChannels, velocityChannels } = shadow;
    // On the way of the one that works for it, it need not be within the lines of its own way.
    const bands = stepBands(this.#rung, { ...figures, expert: NOBODY });
    const latent = judgeLatent(step, clean, cleanChannels, bands, expert);
    return { expert, step, isSound: velocityChannels.nonFiniteCount === 0 && latent === null, isTrial: true };
  }
}

/** All that is said about one run from its first to its last step; the first fault ends it. */
export function judgeRun(
  rung: RungCalibration,
  tokens: readonly string[],
  steps: readonly StepFigures[],
): readonly FaultReport[] {
  const judge = new StepJudge(rung, tokens);
  for (const step of steps) {
    const found = judge.judge(step);
    if (found.length > 0) return found;
  }
  return [];
}
