import { randomBytes } from 'node:crypto';

import type { JobId } from '../../app/contract/job.ts';
import type { StageName } from '../../app/contract/name.ts';
import type { AttemptReport, FaultReport, RunReport } from '../../app/contract/report.ts';
import type { EngineStatus } from '../../app/contract/route.ts';
import type { StudioProjectId } from '../../app/contract/studio-project.ts';
import type { LogEntry } from '../../app/export/log-record.ts';
import type { BegunJob, JobWatcher } from '../job/job-watcher.ts';
import type { JobEnd } from '../job/run-job.ts';

type Trace = NonNullable<LogEntry['trace']>;

interface Span {
  readonly id: string;
  readonly startedMs: number;
  /** The same by the clock on the wall. */
  readonly startedAtMs: number;
}

/** One run as a tree of spans: the run, its attempts, their stages, and steps below these. */
interface RunTrace {
  readonly traceId: string;
  readonly run: Span;
  attempt: Span | null;
  /** Of the attempt that is under way. */
  readonly stages: Map<StageName, Span>;
}

/** @param agoMs  how long it has been under way already */
const freshSpan = (agoMs = 0): Span => ({
  id: randomBytes(8).toString('hex'),
  startedMs: performance.now() - agoMs,
  startedAtMs: Date.now() - agoMs,
});
const sinceMs = ({ startedMs }: Span): number => performance.now() - startedMs;

/** Writes what happens to jobs as log entries, each with its place in the run's tree of spans. */
export function runLog(tell: (entry: LogEntry) => void): JobWatcher {
  const runs = new Map<JobId, RunTrace>();
  /** Of the runs that are waiting or under way. */
  const projects = new Map<unknown, StudioProjectId>();

  const write = (entry: LogEntry): void => {
    const projectId = projects.get(entry.fields?.['job.id']);
    tell(projectId === undefined ? entry : { ...entry, fields: { ...entry.fields, 'project.id': projectId } });
  };

  const traceOf = (run: RunTrace, span: Span, parent: Span | null): Trace => ({
    traceId: run.traceId,
    spanId: span.id,
    parentId: parent?.id ?? null,
  });
  /** Where an entry belongs that has no span of its own. */
  const place = (id: JobId): { readonly trace?: Trace } => {
    const run = runs.get(id);
    return run ? { trace: traceOf(run, run.attempt ?? run.run, run.attempt ? run.run : null) } : {};
  };

  const endAttempt = (id: JobId, report: AttemptReport): void => {
    const run = runs.get(id);
    if (!run?.attempt) return;
    const { attempt } = run;
    const hasFailed = report.faults.some(({ severity }) => severity === 'fault');
    for (const stage of ['text', 'denoise', 'decode', 'monitor'] as const) {
      const tookMs = report.stageMs[stage];
      if (tookMs <= 0) continue;
      const span = run.stages.get(stage) ?? freshSpan(tookMs);
      write({
        level: 'info',
        action: `stage.${stage}`,
        message: `${stage} took ${tookMs.toFixed(0)} ms`,
        trace: traceOf(run, span, attempt),
        startedAtMs: span.startedAtMs,
        tookMs,
        outcome: report.faults.some((fault) => fault.stage === stage && fault.severity === 'fault')
          ? 'failure'
          : 'success',
        fields: { 'job.id': id, attempt: report.index, stage },
      });
    }
    write({
      level: hasFailed ? 'warn' : 'info',
      action: 'attempt.end',
      message: `attempt ${report.index} ${hasFailed ? 'has faults' : 'is sound'}: ${report.stepsRun} of ${report.stepsPlanned} steps`,
      trace: traceOf(run, attempt, run.run),
      startedAtMs: attempt.startedAtMs,
      tookMs: sinceMs(attempt),
      outcome: hasFailed ? 'failure' : 'success',
      fields: {
        'job.id': id,
        attempt: report.index,
        rung: report.rung,
        provider: report.provider,
        experts: report.experts,
        seed: report.seed,
      },
    });
    run.attempt = null;
    run.stages.clear();
  };

  return {
    opened: (_past, salvage) => {
      if (salvage)
        write({
          level: 'error',
          action: 'store.salvaged',
          message: `the run store was damaged: ${salvage.keptRowCount} rows were saved, the file was put aside`,
          error: { type: 'store-damaged', message: salvage.path },
          fields: { 'store.kept': salvage.keptRowCount },
        });
    },
    putAside: (path) =>
      write({
        level: 'warn',
        action: 'file.put-aside',
        message: 'a damaged file was put aside, and the program goes on without it',
        error: { type: 'file-damaged', message: path },
      }),
    begun: ({ id, traceId, request }: BegunJob) => {
      const run: RunTrace = { traceId, run: freshSpan(), attempt: null, stages: new Map() };
      runs.set(id, run);
      const { prompt, negative, packId, rung, frameCount, steps, seed, projectId } = request;
      projects.set(id, projectId);
      write({
        level: 'info',
        action: 'run.begin',
        message: `run begins: ${packId}, ${rung}, ${frameCount} frames, ${steps} steps`,
        trace: traceOf(run, run.run, null),
        fields: { 'job.id': id, pack: packId, rung, frames: frameCount, steps, seed, prompt, negative },
      });
    },
    ledger: (id, line) => {
      const run = runs.get(id);
      if (line.kind === 'attempt-ended') endAttempt(id, line.report);
      if (line.kind === 'attempt-begun' && run) {
        run.attempt = freshSpan();
        write({
          level: 'info',
          action: 'attempt.begin',
          message: `attempt ${line.attempt} begins from ${line.startedFrom}`,
          trace: traceOf(run, run.attempt, run.run),
          fields: { 'job.id': id, attempt: line.attempt, rung: line.plan.rung, seed: line.plan.seed },
        });
      }
      if (line.kind === 'export-begun' && run) run.stages.set('export', freshSpan());
    },
    work: (event) => {
      const run = runs.get(event.jobId);
      if (!run?.attempt) return;
      if (event.kind === 'unit-started' && !run.stages.has(event.stage)) run.stages.set(event.stage, freshSpan());
      if (event.kind !== 'step-done') return;
      const { step, stepCount, expert, sigma, tookMs, clean } = event;
      const span = freshSpan(tookMs);
      write({
        level: 'debug',
        action: 'step',
        message: `step ${step + 1} of ${stepCount}`,
        startedAtMs: span.startedAtMs,
        trace: traceOf(run, span, run.stages.get('denoise') ?? run.attempt),
        tookMs,
        fields: { 'job.id': event.jobId, attempt: event.attempt, step, expert, sigma, latent: clean },
      });
    },
    job: (event) => {
      if (event.kind === 'queued') projects.set(event.jobId, event.request.projectId);
      if (event.kind === 'fault-found') write({ ...place(event.jobId), ...faultEntry(event.jobId, event.fault) });
      if (event.kind === 'decided') {
        const { action, branch, reason, fault, by } = event.decision;
        write({
          ...place(event.jobId),
          level: 'info',
          action: 'decision',
          message: `${action} because of ${fault}: ${reason}`,
          fields: { 'job.id': event.jobId, decision: action, branch, fault, by },
        });
      }
      if (event.kind === 'queued' || event.kind === 'interrupted' || event.kind === 'removed')
        write({
          level: 'info',
          action: `run.${event.kind}`,
          message: `run ${event.kind}`,
          fields: { 'job.id': event.jobId },
        });
    },
    engine: (status) => write(engineEntry(status)),
    report: (report) => {
      const run = runs.get(report.runId);
      const exportMs = report.attempts.at(-1)?.stageMs.export ?? 0;
      if (!run || exportMs <= 0) return;
      const span = run.stages.get('export') ?? freshSpan(exportMs);
      write({
        level: 'info',
        action: 'stage.export',
        message: `export took ${exportMs.toFixed(0)} ms`,
        trace: traceOf(run, span, run.run),
        startedAtMs: span.startedAtMs,
        tookMs: exportMs,
        outcome: 'success',
        fields: { 'job.id': report.runId, stage: 'export' },
      });
    },
    ended: (id, end) => {
      const run = runs.get(id);
      runs.delete(id);
      write({
        ...endEntry(id, end),
        ...(run
          ? {
              trace: traceOf(run, run.run, null),
              startedAtMs: run.run.startedAtMs,
              tookMs: sinceMs(run.run),
            }
          : {}),
      });
      projects.delete(id);
    },
  };
}

function faultEntry(id: JobId, fault: FaultReport): LogEntry {
  const { kind, stage, step, frame, severity, evidence } = fault;
  return {
    level: severity === 'fault' ? 'error' : 'warn',
    action: 'fault',
    message: `${kind} in ${stage}${step === null ? '' : `, step ${step}`}${frame === null ? '' : `, frame ${frame}`}`,
    outcome: 'failure',
    error: { type: kind, message: kind },
    fields: { 'job.id': id, stage, step, frame, severity, evidence },
  };
}

function engineEntry(status: EngineStatus): LogEntry {
  const isBroken = status.phase === 'broken';
  if (status.phase === 'ready' && status.requested !== undefined && status.requested !== status.provider)
    return {
      level: 'warn',
      action: 'engine.provider',
      message: `${status.requested} was asked for, ${status.provider} executes`,
      fields: { engine: status },
    };
  return {
    level: isBroken ? 'error' : status.phase === 'warming' ? 'debug' : 'info',
    action: `engine.${status.phase}`,
    message: isBroken ? `engine broken: ${status.reason}` : `engine ${status.phase}`,
    ...(isBroken ? { error: { type: 'engine-broken', message: status.reason } } : {}),
    fields: { engine: status },
  };
}

function endEntry(id: JobId, end: JobEnd): LogEntry {
  const fields = { 'job.id': id };
  switch (end.kind) {
    case 'delivered':
      return {
        level: 'info',
        action: 'run.end',
        message: `delivered, ${end.report.delivered.grade}`,
        outcome: 'success',
        fields: {
          ...fields,
          grade: end.report.delivered.grade,
          path: end.report.delivered.path,
          ...healthFields(end.report),
        },
      };
    case 'cancelled':
      return { level: 'info', action: 'run.end', message: 'cancelled', outcome: 'unknown', fields };
    case 'failed':
      return {
        level: 'error',
        action: 'run.end',
        message: `no clip: ${end.problem}`,
        outcome: 'failure',
        error: { type: end.problem, message: end.detail },
        fields,
      };
  }
}

const healthFields = ({ wallMs, attempts, health }: RunReport): Readonly<Record<string, unknown>> => ({
  'wall.ms': wallMs,
  attempts: attempts.length,
  resources: health.resources,
  ...(health.memory ? { memory: health.memory } : {}),
});
