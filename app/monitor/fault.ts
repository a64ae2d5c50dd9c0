import type { FaultKind, StageName } from '../contract/name.ts';
import type { FaultReport } from '../contract/report.ts';

/** Where in a run a fault lies, as far as it lies anywhere; and whether it stands in the way of the clip. */
export interface FaultPlace {
  readonly step?: number | null;
  readonly frame?: number | null;
  /** How many frames are concerned, from `frame` on. */
  readonly frameCount?: number | null;
  readonly severity?: FaultReport['severity'];
}

/** A fact that a monitor states, in the form in which reports, metrics and the recovery tree share it. */
export function faultOf(
  kind: FaultKind,
  stage: StageName,
  evidence: FaultReport['evidence'],
  { step = null, frame = null, frameCount = null, severity = 'fault' }: FaultPlace = {},
): FaultReport {
  return { kind, stage, step, frame, frameCount, severity, evidence };
}

/** Warnings are kept and shown; only what stands in the way of a good clip calls for a cure. */
export const needsCure = ({ severity }: FaultReport): boolean => severity === 'fault';
