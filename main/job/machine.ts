import type { FaultReport } from '../../app/contract/report.ts';
import type { RenderPlan } from '../../app/plan/render-plan.ts';

/** What is known of the machine that a plan runs on: memory, heat, room. */
export interface MachineWatch {
  /** What this plan is going to run into on the machine as it is now; null where nothing speaks against it. */
  foresee(plan: RenderPlan): Promise<FaultReport | null>;
  /** Faults of the machine, told while an attempt runs. Returns the undo. */
  watch(onFault: (fault: FaultReport) => void): () => void;
}

/** Nothing is known: nothing is foreseen. */
export const unwatchedMachine: MachineWatch = {
  foresee: async () => null,
  watch: () => () => undefined,
};
