import type { ExpertHealth } from '../contract/health.ts';
import type { PackExpert, PackManifest } from '../contract/pack.ts';
import type { ExpertStanding } from '../contract/recovery-memory.ts';
import type { DecisionReport } from '../contract/report.ts';
import { expertsOfRung, gateExpert } from '../engine/gate.ts';
import { hasRested, restMsOf, type Rest } from './rest.ts';

/** Abnormal outputs in a row that mask an expert. */
export const ABNORMAL_LIMIT = 3;
/** How long it rests the first time; each further time twice as long. */
export const REST_MS = 5 * 60_000;
export const REST_LIMIT_MS = 6 * 60 * 60_000;

/** What one attempt says of one expert: whether every output of it could be used. */
export interface ExpertNote {
  readonly expert: string;
  readonly isSound: boolean;
  /** It was only asked, and nothing was made of its answers. */
  readonly isTrial: boolean;
}

/** Answers of one attempt, taken together for each expert. */
export function notesOf(answers: readonly ExpertNote[]): readonly ExpertNote[] {
  const notes = new Map<string, ExpertNote>();
  for (const { expert, isSound, isTrial } of answers) {
    const key = `${expert}/${String(isTrial)}`;
    notes.set(key, { expert, isTrial, isSound: isSound && (notes.get(key)?.isSound ?? true) });
  }
  return [...notes.values()];
}

/** What the gate has to choose from. */
export type ExpertPool = Pick<PackManifest, 'experts' | 'rungs'>;

const fresh = (expert: string): ExpertStanding => ({
  expert,
  state: 'in-use',
  abnormalCount: 0,
  maskCount: 0,
  sinceMs: null,
});

/** A standing for each expert of the pack, in the pack's order; of one that nothing is known of, a clean one. */
export const standingsOf = (pool: ExpertPool, known: readonly ExpertStanding[]): readonly ExpertStanding[] =>
  pool.experts.map(({ id }) => known.find(({ expert }) => expert === id) ?? fresh(id));

/** Those that another one works for. */
export const maskedOf = (standings: readonly ExpertStanding[]): readonly string[] =>
  standings.filter(({ state }) => state !== 'in-use').map(({ expert }) => expert);

/** Those that are to be asked beside the one that works. */
export const onTrialOf = (standings: readonly ExpertStanding[]): readonly string[] =>
  standings.filter(({ state }) => state === 'probing').map(({ expert }) => expert);

/** Before a job: whoever has rested long enough goes on trial. */
export function wakeRested(standings: readonly ExpertStanding[], nowMs: number): readonly ExpertStanding[] {
  return standings.map((one) => (isRested(one, nowMs) ? { ...one, state: 'probing', sinceMs: nowMs } : one));
}

const REST: Rest = { firstMs: REST_MS, limitMs: REST_LIMIT_MS };

function isRested({ state, sinceMs, maskCount }: ExpertStanding, nowMs: number): boolean {
  if (state !== 'masked') return false;
  return sinceMs === null || hasRested(sinceMs, restMsOf(REST, maskCount), nowMs);
}

/**
 * What one attempt changes. An expert that was abnormal three times in a row is masked, unless nobody could work for it: then
 * those that rest are tried at once, so that there is somebody again.
 *
 * @param standings  of every expert of the pool
 * @param notes      of one attempt that was not counted before, one for each expert that answered
 */
export function takeNotes(
  standings: readonly ExpertStanding[],
  notes: readonly ExpertNote[],
  pool: ExpertPool,
  nowMs: number,
): readonly ExpertStanding[] {
  let after = standings;
  for (const note of notes) after = takeNote(after, note, pool, nowMs);
  return after;
}

function takeNote(
  standings: readonly ExpertStanding[],
  note: ExpertNote,
  pool: ExpertPool,
  nowMs: number,
): readonly ExpertStanding[] {
  const one = standings.find(({ expert }) => expert === note.expert);
  // Of a masked one only its trial counts: somebody may have wanted it to work all the same.
  if (!one || note.isTrial !== (one.state === 'probing') || one.state === 'masked') return standings;
  const put = (part: Partial<ExpertStanding>): readonly ExpertStanding[] =>
    standings.map((other) => (other === one ? { ...one, ...part } : other));
  const masked = { state: 'masked', sinceMs: nowMs, maskCount: one.maskCount + 1 } as const;
  if (one.state === 'probing')
    return put(note.isSound ? { state: 'in-use', sinceMs: nowMs, abnormalCount: 0 } : masked);
  // What was held against it fades with each run in which it works well.
  if (note.isSound) return put({ abnormalCount: 0, maskCount: Math.max(0, one.maskCount - 1) });
  const abnormalCount = one.abnormalCount + 1;
  if (abnormalCount < ABNORMAL_LIMIT) return put({ abnormalCount });
  if (isDispensable(note.expert, maskedOf(standings), pool)) return put({ ...masked, abnormalCount });
  return put({ abnormalCount }).map((other) =>
    other.state === 'masked' ? { ...other, state: 'probing' as const, sinceMs: nowMs } : other,
  );
}

/** Whether on every rung, at every noise level, somebody is left when this one goes as well. */
export function isDispensable(expert: string, masked: readonly string[], { experts, rungs }: ExpertPool): boolean {
  const without = [...masked, expert];
  return rungs.every((rung) => {
    const present = expertsOfRung(experts, rung.experts ?? null);
    return levelsOf(present).every(
      (sigma) => gateExpert(present, sigma, []) === null || gateExpert(present, sigma, without) !== null,
    );
  });
}

/** The gate answers alike between two neighbouring ends of ranges: the ends and what lies between them is all there is. */
function levelsOf(experts: readonly PackExpert[]): readonly number[] {
  const ends = [...new Set(experts.flatMap(({ sigmaFrom, sigmaTo }) => [sigmaFrom, sigmaTo]))].toSorted(
    (a, b) => a - b,
  );
  return ends.flatMap((end, i) => [end, (end + (ends[i + 1] ?? end)) / 2]);
}

/** Experts of a plan that would work, were they not masked. */
export function reroutedIn(
  { experts }: Pick<PackManifest, 'experts'>,
  named: readonly string[] | null,
  sigmas: Float64Array,
  masked: readonly string[],
): readonly string[] {
  const present = expertsOfRung(experts, named);
  const wanted = new Set([...sigmas.subarray(0, -1)].map((sigma) => gateExpert(present, sigma, [])?.id));
  return masked.filter((id) => wanted.has(id));
}

/** As the health panel shows them. */
export const healthOf = (packId: string, standings: readonly ExpertStanding[]): readonly ExpertHealth[] =>
  standings.map(({ expert, state, abnormalCount, maskCount, sinceMs }) => ({
    packId,
    expert,
    state,
    abnormalCount,
    abnormalLimit: ABNORMAL_LIMIT,
    sinceMs,
    restsUntilMs: state === 'masked' && sinceMs !== null ? sinceMs + restMsOf(REST, maskCount) : null,
  }));

/** The decision that an expert which was masked before stays out of a new run. */
export const maskedBefore = (expert: string): DecisionReport => ({
  fault: 'expert-unstable',
  action: 'reroute-expert',
  branch: 'expert-unstable/masked-before',
  reason: `${expert} was abnormal ${ABNORMAL_LIMIT} times in a row in earlier runs: another expert stands in`,
  by: 'policy',
  alternatives: [],
  recoveryMs: null,
  attempt: null,
  cause: 'expert-unstable',
  cure: 'reroute-expert',
  predicted: null,
  outcome: null,
  skipped: [],
  overrode: null,
});
