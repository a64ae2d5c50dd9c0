import type { TextCalibration } from '../contract/calibration-text.ts';
import type { DriftState } from '../contract/drift.ts';
import type { LanguageName } from '../contract/name.ts';
import { decisionReport, type DecisionReport, type FaultReport, type Finding } from '../contract/report.ts';
import { simplifyPrompt } from '../precheck/simplify.ts';
import { judgeDistribution, type DistributionFigures } from './distribution.ts';
import { driftFault, freshDrift, observeEmbedding, type DriftFigures } from './drift.ts';
import { faultOf } from './fault.ts';
import { unknownWords, type UnknownWords } from './unknown-words.ts';

/** From this share of unknown words on, what is drawn has little to do with what was asked. */
export const UNKNOWN_RATIO_LIMIT = 0.25;

/** What the text stage of one attempt says about the prompt and about the encoder. */
export interface TextJudgement {
  readonly distribution: DistributionFigures | null;
  readonly drift: DriftFigures | null;
  readonly unknown: UnknownWords;
  /** What the encoder read, as the tokenizer spells it. */
  readonly tokens: readonly string[];
  readonly faults: readonly FaultReport[];
}

export interface EncodedPrompt {
  readonly prompt: string;
  readonly pooled: Float32Array;
  readonly tokens: readonly string[];
}

/**
 * Judge one encoded prompt, and take it into what is remembered of the project. Warnings only: the clip at hand is judged
 * by its own monitors.
 *
 * @param section  null where the pack has no calibration: then only its unknown words can be judged
 */
export function judgeText(
  section: TextCalibration | null,
  state: DriftState | null,
  packSha256: string,
  { prompt, pooled, tokens }: EncodedPrompt,
): { readonly judgement: TextJudgement; readonly state: DriftState | null } {
  const unknown = unknownWords(prompt, tokens);
  const distribution = section && judgeDistribution(section, pooled);
  const known = state?.packSha256 === packSha256 ? state : null;
  const step =
    section &&
    distribution &&
    observeEmbedding(section, known ?? freshDrift(section, packSha256), { key: prompt, pooled });
  const odd = oddFault(distribution, unknown);
  const drifting = step && driftFault(step.figures);
  const faults = [...(odd ? [odd] : []), ...(drifting ? [drifting] : [])];
  return {
    judgement: { distribution, drift: step?.figures ?? null, unknown, tokens, faults },
    state: step?.state ?? known,
  };
}

function oddFault(distribution: DistributionFigures | null, { ratio, words }: UnknownWords): FaultReport | null {
  if (distribution?.isOutside !== true && ratio < UNKNOWN_RATIO_LIMIT) return null;
  const evidence = {
    mahalanobis: distribution?.mahalanobis ?? null,
    threshold: distribution?.threshold ?? null,
    kde: distribution?.kde ?? null,
    kdeThreshold: distribution?.kdeThreshold ?? null,
    unknownRatio: ratio,
    unknownWords: words.join(' '),
  };
  return faultOf('prompt-out-of-distribution', 'text', evidence, { severity: 'warning' });
}

/** A prompt that any pack trained like ours knows, for the place of one that it doesn't. */
const FAMILIAR = { en: 'A panda walks to the left in the snow', zh: '一只熊猫在雪地里向左走' } as const;
const WORDS_SHOWN = 8;

/** The same fact as a finding beside those of the precheck, in the language of the prompt; null where all is known. */
export function oddFinding(prompt: string, language: LanguageName, { faults, unknown }: TextJudgement): Finding | null {
  if (!faults.some(({ kind }) => kind === 'prompt-out-of-distribution')) return null;
  const spoken = language === 'zh' ? 'zh' : 'en';
  const words = unknown.words.slice(0, WORDS_SHOWN);
  const simple = simplifyPrompt(prompt, language);
  const message =
    words.length > 0
      ? { en: `This pack never learned: ${words.join(', ')}`, zh: `此模型没有学过：${words.join('、')}` }
      : { en: 'Far from everything that this pack was trained on', zh: '与此模型学过的内容相差太远' };
  const isSimpler = words.length === 0 && simple !== prompt;
  return {
    kind: 'out-of-distribution',
    from: 0,
    to: prompt.length,
    message: message[spoken],
    rewrite: isSimpler ? simple : FAMILIAR[spoken],
  };
}

/** What follows from drift, as it stands in the report: nothing is done to this clip, the next run begins with a fresh encoder. */
export function driftRemedy(text: TextJudgement | null): readonly DecisionReport[] {
  if (text?.drift?.isDrifting !== true) return [];
  return [
    decisionReport.parse({
      fault: 'embedding-drift',
      action: 'restart-clean',
      branch: 'encoder-drift/before-next-run',
      reason: 'the text encoder has drifted: caches are flushed and it is loaded anew before the next run',
      by: 'policy',
      alternatives: ['continue'],
      recoveryMs: null,
      cause: 'encoder-drift',
      cure: 'restart-clean',
    }),
  ];
}
