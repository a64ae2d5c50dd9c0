import type { HealthEvent, TimedStage } from '../../app/contract/health.ts';
import { timedStages } from '../../app/contract/list.ts';
import type { JobEvent, JobId } from '../../app/contract/job.ts';
import type { RunReport } from '../../app/contract/report.ts';
import { defaultLatencyLimits } from '../../app/contract/default.ts';
import { median } from '../../app/monitor/latency.ts';

/** Runs of one kind that say what is usual; older machines and drivers are forgotten. */
const REMEMBERED_RUNS = 20;

/** What each stage usually takes, by pack and rung, from runs that went well at the first try. */
export class StageHistory {
  readonly #tookMs = new Map<string, number[]>();
  readonly #runs = new Map<JobId, { readonly packId: string; readonly rung: string }>();

  learn({ request, attempts }: RunReport): void {
    const [only, ...others] = attempts;
    if (!only || others.length > 0 || only.faults.some(({ severity }) => severity === 'fault')) return;
    for (const stage of timedStages) {
      const key = keyOf(request.packId, only.rung, stage);
      this.#tookMs.set(key, [...(this.#tookMs.get(key) ?? []), only.stageMs[stage]].slice(-REMEMBERED_RUNS));
    }
  }

  /** Which pack and rung a job is on; forgotten once it is over. */
  takeJob(event: JobEvent): void {
    const run = this.#runs.get(event.jobId);
    if (event.kind === 'queued')
      this.#runs.set(event.jobId, { packId: event.request.packId, rung: event.request.rung });
    else if (event.kind === 'attempt-started' && run) this.#runs.set(event.jobId, { ...run, rung: event.rung });
    else if (event.kind === 'removed') this.#runs.delete(event.jobId);
  }

  /** The same event, with what the stage usually takes where that is known. */
  judge(event: HealthEvent): HealthEvent {
    const run = this.#runs.get(event.jobId);
    if (event.kind !== 'stage' || !run) return event;
    const past = this.#tookMs.get(keyOf(run.packId, run.rung, event.stage.stage));
    if (!past) return event;
    const medianMs = median(past);
    return { ...event, stage: { ...event.stage, medianMs, limitMs: medianMs * defaultLatencyLimits.stallFactor } };
  }
}

const keyOf = (packId: string, rung: string, stage: TimedStage): string => `${packId}/${rung}/${stage}`;
