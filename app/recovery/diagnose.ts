import type { CauseName } from '../contract/cure.ts';
import type { FaultKind, StageName } from '../contract/name.ts';
import { stageNames } from '../contract/list.ts';
import type { AttemptReport, FaultReport } from '../contract/report.ts';
import type { Diagnosis } from '../contract/situation.ts';
import { needsCure } from '../monitor/fault.ts';
import { isExpertKnownToRefuse } from './expert-refusal.ts';

/** What a clue may look at: a fault, the attempt that it belongs to, and those before. */
interface Evidence {
  readonly fault: FaultReport;
  readonly attempt: AttemptReport;
  readonly earlier: readonly AttemptReport[];
}

/** Share of the clip up to which bad frames are "a few". */
const FEW_SHARE = 0.5;
/** Resident memory against what the system could give at most, from which a sudden death is put down to memory. */
const NEAR_LIMIT_RATIO = 0.9;

/** Facts that tell causes with the same symptom apart. */
export const clues = {
  'in the text stage': ({ fault }) => fault.stage === 'text',
  'while denoising': ({ fault }) => fault.stage === 'denoise',
  'for the first time': ({ fault, earlier }) =>
    earlier.every(({ faults }) => faults.every(({ kind }) => kind !== fault.kind)),
  'another expert worked': ({ fault, attempt, earlier }) =>
    [attempt, ...earlier].some(({ experts }) => experts.some((id) => id !== expertOf(fault, attempt))),
  'the same expert before': ({ fault, attempt, earlier }) =>
    earlier.some((other) =>
      other.faults.some((one) => one.kind === fault.kind && expertOf(one, other) === expertOf(fault, attempt)),
    ),
  'one expert alone refuses': ({ attempt, earlier }) => isExpertKnownToRefuse(attempt, earlier),
  'same place, another seed': ({ fault, attempt, earlier }) =>
    earlier.some(({ seed, faults }) => seed !== attempt.seed && faults.some((other) => isSamePlace(other, fault))),
  'same place, same seed': ({ fault, attempt, earlier }) =>
    earlier.some(({ seed, faults }) => seed === attempt.seed && faults.some((other) => isSamePlace(other, fault))),
  'same place as last time': ({ fault, earlier }) =>
    earlier.at(-1)?.faults.some((other) => isSamePlace(other, fault)) ?? false,
  'same place twice before': ({ fault, earlier }) =>
    earlier.length >= 2 && earlier.slice(-2).every(({ faults }) => faults.some((other) => isSamePlace(other, fault))),
  'memory was near its limit': ({ fault }) => {
    const ratio = fault.evidence['memoryRatio'];
    return typeof ratio === 'number' && ratio >= NEAR_LIMIT_RATIO;
  },
  'while it was starting': ({ fault }) => fault.evidence['whileStarting'] === true,
  'too many restarts': ({ fault }) => fault.evidence['restartsInWindow'] !== undefined,
  'a few frames': ({ fault }) => {
    const total = fault.evidence['clipFrames'];
    return fault.frameCount !== null && typeof total === 'number' && fault.frameCount <= total * FEW_SHARE;
  },
} as const satisfies Record<string, (evidence: Evidence) => boolean>;
export type ClueName = keyof typeof clues;

export interface DiagnosisRule {
  readonly faults: readonly FaultKind[];
  /** All of them must hold. */
  readonly clues: readonly ClueName[];
  readonly cause: CauseName;
}

const numeric = ['latent-nonfinite', 'latent-out-of-band', 'denoise-stalled'] as const satisfies readonly FaultKind[];
const died = ['engine-crashed', 'engine-hung'] as const satisfies readonly FaultKind[];

/** From symptom to cause: the first rule that holds. The order of the rules is also the order of gravity: what lies deeper comes first. */
export const diagnosisRules: readonly DiagnosisRule[] = [
  { faults: ['disk-full', 'output-unwritable'], clues: [], cause: 'no-room' },
  { faults: ['pack-corrupt', 'pack-misconfigured'], clues: [], cause: 'pack-damaged' },
  { faults: ['gpu-lost'], clues: [], cause: 'card-gone' },
  { faults: ['out-of-memory'], clues: ['while it was starting'], cause: 'engine-broken' },
  { faults: ['out-of-memory'], clues: ['while denoising', 'for the first time'], cause: 'memory-refused' },
  { faults: ['out-of-memory', 'memory-pressure'], clues: [], cause: 'memory-short' },
  { faults: died, clues: ['memory was near its limit'], cause: 'memory-short' },
  { faults: died, clues: ['too many restarts'], cause: 'engine-broken' },
  { faults: ['provider-failed'], clues: ['while it was starting'], cause: 'provider-missing' },
  // A hang costs its whole deadline each time: what came back once is not waited for again.
  { faults: ['engine-hung'], clues: ['while it was starting', 'same place as last time'], cause: 'engine-broken' },
  { faults: ['engine-crashed'], clues: ['while it was starting', 'same place twice before'], cause: 'engine-broken' },
  { faults: ['engine-crashed'], clues: ['while it was starting', 'same place as last time'], cause: 'start-fails' },
  { faults: died, clues: ['same place as last time'], cause: 'work-kills-engine' },
  { faults: ['engine-hung'], clues: [], cause: 'engine-hangs' },
  { faults: ['engine-crashed'], clues: [], cause: 'engine-died' },
  { faults: ['gpu-overheating'], clues: [], cause: 'too-hot' },
  { faults: ['provider-failed'], clues: ['one expert alone refuses'], cause: 'expert-unstable' },
  { faults: ['provider-failed'], clues: [], cause: 'provider-refuses' },
  { faults: numeric, clues: ['in the text stage'], cause: 'text-numbers' },
  { faults: ['expert-unstable'], clues: [], cause: 'expert-unstable' },
  { faults: numeric, clues: ['the same expert before', 'another expert worked'], cause: 'expert-unstable' },
  { faults: numeric, clues: ['same place, another seed'], cause: 'numbers' },
  { faults: numeric, clues: ['same place, same seed'], cause: 'bad-draw' },
  { faults: ['latent-nonfinite', 'latent-out-of-band'], clues: [], cause: 'passing-glitch' },
  { faults: ['denoise-stalled'], clues: [], cause: 'bad-draw' },
  { faults: ['decode-nonfinite'], clues: [], cause: 'decoder-numbers' },
  { faults: ['frames-black', 'frames-noise'], clues: ['a few frames'], cause: 'few-lost-frames' },
  { faults: ['frames-black'], clues: [], cause: 'decoder-numbers' },
  {
    faults: ['frames-torn', 'frames-frozen', 'frames-flicker', 'motion-implausible'],
    clues: ['a few frames'],
    cause: 'few-bad-frames',
  },
  {
    faults: ['frames-noise', 'frames-torn', 'frames-frozen', 'frames-flicker', 'motion-implausible'],
    clues: [],
    cause: 'bad-draw',
  },
  { faults: ['prompt-invalid'], clues: [], cause: 'prompt-unusable' },
  { faults: ['embedding-drift'], clues: [], cause: 'encoder-drift' },
  { faults: ['attention-collapsed'], clues: ['same place, another seed'], cause: 'prompt-beyond-model' },
  { faults: ['attention-collapsed'], clues: [], cause: 'bad-draw' },
  { faults: ['attention-neglected', 'prompt-out-of-distribution'], clues: [], cause: 'prompt-beyond-model' },
  { faults: ['encoder-failed'], clues: [], cause: 'encoder-fails' },
  { faults: ['slow-query'], clues: [], cause: 'too-slow' },
];

/**
 * The last attempt's faults with their causes, the gravest first: a fault that lies deeper explains those above it.
 * Warnings are no reason for a cure and are left out.
 *
 * @param attempts  of one job, oldest first
 */
export function diagnose(attempts: readonly AttemptReport[]): readonly Diagnosis[] {
  const attempt = attempts.at(-1);
  if (!attempt) return [];
  const earlier = attempts.slice(0, -1);
  return attempt.faults
    .filter(needsCure)
    .map((fault) => {
      const rank = diagnosisRules.findIndex((rule) => holds(rule, { fault, attempt, earlier }));
      const rule = diagnosisRules[rank];
      if (!rule) throw new Error(`bug: no rule for ${fault.kind}`);
      return { rank, diagnosis: { cause: rule.cause, fault } };
    })
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ diagnosis }) => diagnosis);
}

function holds(rule: DiagnosisRule, evidence: Evidence): boolean {
  return rule.faults.includes(evidence.fault.kind) && rule.clues.every((name) => clues[name](evidence));
}

/** The expert that was at work: as the fault says, else the last one of the attempt. */
function expertOf(fault: FaultReport, attempt: AttemptReport): string | null {
  const named = fault.evidence['expert'];
  return typeof named === 'string' ? named : (attempt.experts.at(-1) ?? null);
}

const placeOf = ({ stage, step }: FaultReport): number => stageIndex(stage) * 10_000 + (step ?? 0);
const stageIndex = (stage: StageName): number => stageNames.indexOf(stage);

const isSamePlace = (a: FaultReport, b: FaultReport): boolean => a.kind === b.kind && placeOf(a) === placeOf(b);

/** Whether the same trouble came back without the work having got any further. */
export const cameBack = (before: FaultReport, after: FaultReport): boolean =>
  before.kind === after.kind && placeOf(after) <= placeOf(before);
