import type { DenoiseState, EngineCommand, EngineEvent } from '../../app/contract/engine.ts';
import { expertsOfRung, gateExpert } from '../../app/engine/gate.ts';
import { latentShape } from '../../app/engine/latent.ts';
import { flowSigmas } from '../../app/engine/schedule.ts';
import { decodeLatent } from './decode-stage.ts';
import { denoise, ExpertRefusal, initialState, NoExpertLeft } from './denoise-stage.ts';
import { HeldStates } from './held-states.ts';
import { createInjector, type UnitStage } from './injector.ts';
import { PackMisfit, type PackGraphs } from './pack-graphs.ts';
import { RuntimeFailure } from './runtime.ts';
import { encodeText } from './text-stage.ts';

export type AttemptCommand = Extract<EngineCommand, { kind: 'attempt' }>;
type WorkEvent = Extract<EngineEvent, { sequence: number }>;
/** A work event without the marks that are added to each of them. */
type BareEvent = WorkEvent extends infer E
  ? E extends WorkEvent
    ? Omit<E, 'jobId' | 'attempt' | 'sequence'>
    : never
  : never;

class Cancelled extends Error {
  readonly saveBefore: number | null;
  constructor(saveBefore: number | null) {
    super('cancelled');
    this.saveBefore = saveBefore;
  }
}

/** One attempt, from text to frames. It reports numbers and judges nothing; every way out is an event. */
export async function runAttempt(
  graphs: PackGraphs,
  { jobId, attempt, plan, resume, injections = [], stopAfter }: AttemptCommand,
  cancelOf: () => { readonly saveBefore?: number | undefined } | null,
  send: (event: EngineEvent) => void,
): Promise<void> {
  let sequence = 0;
  let stage: UnitStage = 'text';
  const emit = (event: BareEvent): void => send({ ...event, jobId, attempt, sequence: sequence++ });
  const { scheduler, experts } = graphs.manifest;
  const sigmas = flowSigmas(plan.steps, scheduler.shift);
  const injector = createInjector(injections, {
    ...plan,
    regularExpert: (step) => gateExpert(expertsOfRung(experts, plan.experts), sigmas[step] ?? 0, [])?.id ?? null,
    onStrike: (index) => emit({ kind: 'injected', index }),
    loseMessage: () => (sequence += 1),
  });

  const held = new HeldStates();
  const save = (state: DenoiseState | null): void => {
    if (state) emit({ kind: 'checkpoint', at: 'before-fault', state });
  };
  const isDenoising = (): boolean => stage === 'denoise';
  let unitStartedMs = 0;
  const beginUnit = async (nextStage: UnitStage, unit: number, unitCount: number): Promise<void> => {
    // A native call blocks this thread, so messages are only read here, between units of work.
    await new Promise(setImmediate);
    const cancel = cancelOf();
    if (cancel) throw new Cancelled(cancel.saveBefore ?? null);
    stage = nextStage;
    emit({ kind: 'unit-started', stage, unit, unitCount });
    unitStartedMs = performance.now();
    await injector.beforeUnit(stage, unit, unitCount);
  };
  const tookMs = (): number => performance.now() - unitStartedMs;

  try {
    await beginUnit('text', 0, 1);
    const text = injector.encoded(await encodeText(graphs, plan.negative, plan.prompt));
    const { pooled, facts, tokens, wasTruncated } = text;
    emit({ kind: 'text-done', tookMs: tookMs(), pooled, facts, tokens, wasTruncated });
    if (stopAfter === 'text') return emit({ kind: 'attempt-done' });

    const shape = latentShape(graphs.manifest.latent, plan);
    const latent = await denoise(graphs, plan, shape, text, resume ?? initialState(plan.seed, shape), {
      beforeStep: async (step, stepCount) => beginUnit('denoise', step, stepCount),
      onState: (state) => held.hold(state),
      afterStep: (step) => emit({ kind: 'step-done', tookMs: tookMs(), ...step }),
      onCheckpoint: (at, state) => emit({ kind: 'checkpoint', at, state }),
      injector,
    });

    let decodeStartedMs = performance.now();
    const units = decodeLatent(graphs, latent, shape, plan.decode, {
      beforeUnit: async (unit, unitCount) => beginUnit('decode', unit, unitCount),
      injector,
    });
    for await (const { firstFrame, frameCount, facts: frameFacts, rgb } of units) {
      const framesTookMs = performance.now() - decodeStartedMs;
      emit({ kind: 'frames-decoded', tookMs: framesTookMs, firstFrame, frameCount, facts: frameFacts, rgb });
      decodeStartedMs = performance.now();
    }
    emit({ kind: 'attempt-done' });
  } catch (cause) {
    if (cause instanceof Cancelled) {
      if (cause.saveBefore !== null) save(held.before(cause.saveBefore));
      emit({ kind: 'attempt-cancelled' });
    } else if (cause instanceof NoExpertLeft)
      emit({ kind: 'attempt-failed', reason: 'expert-unstable', stage, detail: cause.message });
    else if (cause instanceof PackMisfit)
      emit({ kind: 'attempt-failed', reason: 'pack-misconfigured', stage, detail: cause.message });
    else if (cause instanceof RuntimeFailure) {
      // What was there before the refused step is as sound as ever.
      if (isDenoising()) save(held.newest);
      const reason = cause.fault === 'out-of-memory' ? 'out-of-memory' : 'provider-failed';
      const whose = cause instanceof ExpertRefusal ? { expert: cause.expert } : {};
      emit({ kind: 'attempt-failed', reason, stage, detail: cause.message, ...whose });
    } else throw cause;
  }
}
