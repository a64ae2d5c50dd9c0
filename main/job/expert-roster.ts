import { flowSigmas } from '../../app/engine/schedule.ts';
import { faultOf } from '../../app/monitor/fault.ts';
import type { RenderPlan } from '../../app/plan/render-plan.ts';
import { ABNORMAL_LIMIT, maskedBefore, notesOf, reroutedIn } from '../../app/recovery/expert-health.ts';
import { refusingExpert } from '../../app/recovery/expert-refusal.ts';
import type { AttemptReport, DecisionReport } from '../../app/contract/report.ts';
import type { Bedside } from '../recovery/expert-care.ts';
import type { Judged } from './run-attempt.ts';
import type { JobOrder, JobPorts, PackAtWork } from './run-job.ts';

/** Experts that another works for from the beginning, and those of them that are asked on the side. */
export type Roster = Pick<RenderPlan, 'maskedExperts' | 'shadowExperts'>;
export const everybody: Roster = { maskedExperts: [] };

const bedOf = ({ pack, host }: PackAtWork): Bedside => ({ pack, provider: host.requestedProvider });

/**
 * An expert that was masked in earlier runs is left out of a new one from the beginning, and one that may be well again is asked on
 * the side; not where the user wants no recovery, or no rerouting.
 */
export async function rosterFor(
  plan: RenderPlan,
  at: PackAtWork,
  { request }: JobOrder,
  { hand, experts }: JobPorts,
): Promise<{ readonly roster: Roster; readonly decisions: readonly DecisionReport[] }> {
  const isWanted = request.policy === 'auto' && hand.policy().stances['reroute-expert'] !== 'never';
  const { masked, onTrial } = isWanted ? await experts.roster(bedOf(at)) : { masked: [], onTrial: [] };
  const { manifest } = at.pack;
  const sigmas = flowSigmas(plan.steps, manifest.scheduler.shift);
  return {
    roster: { maskedExperts: masked, ...(onTrial.length > 0 ? { shadowExperts: onTrial } : {}) },
    decisions: reroutedIn(manifest, plan.experts, sigmas, masked).map(maskedBefore),
  };
}

/**
 * Counts what an attempt says of its experts; that one is masked by it is a fault of its own. To give no answer is as abnormal as to give a
 * bad one, unless the device refuses others as well.
 */
export async function countExperts(
  outcome: Judged,
  earlier: readonly AttemptReport[],
  at: PackAtWork,
  { id }: JobOrder,
  { experts }: JobPorts,
): Promise<Judged> {
  const { report } = outcome;
  const refusing = refusingExpert(report, earlier);
  const refusal = refusing === null ? [] : [{ expert: refusing, isSound: false, isTrial: false }];
  const notes = notesOf([...outcome.expertNotes, ...refusal]);
  const masked = await experts.note(bedOf(at), `${id}/${report.index}`, notes);
  const faults = masked.map(({ expert, abnormalCount }) =>
    faultOf('expert-unstable', 'denoise', { expert, abnormalCount, abnormalLimit: ABNORMAL_LIMIT }),
  );
  return { ...outcome, report: { ...report, faults: [...report.faults, ...faults] } };
}
