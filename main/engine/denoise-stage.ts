import type { AttemptPlan, DenoiseState, EngineEventOf } from '../../app/contract/engine.ts';
import type { PackExpert } from '../../app/contract/pack.ts';
import { attentionLevels } from '../../app/engine/attention-map.ts';
import { channelFacts, clipChange } from '../../app/engine/facts.ts';
import { boundarySteps, expertsOfRung, gateExpert } from '../../app/engine/gate.ts';
import { guide } from '../../app/engine/guidance.ts';
import { elementCount, latentPreview, tensorFacts, type LatentShape } from '../../app/engine/latent.ts';
import { gaussianNoise, noiseStreams } from '../../app/engine/noise.ts';
import { flowSigmas } from '../../app/engine/schedule.ts';
import { shadowSteps } from '../../app/engine/shadow.ts';
import { solverStep } from '../../app/engine/solver.ts';
import { holdKnown, noised, restoreKnown, soundLatents } from '../../app/engine/window.ts';
import type { Injector } from './injector.ts';
import type { PackGraphs } from './pack-graphs.ts';
import { RuntimeFailure, ThreadsRefused } from './runtime.ts';
import { floats, type EncodedText } from './text-stage.ts';

/** No expert may work at this noise level: all that could are masked. */
export class NoExpertLeft extends Error {}

/** One expert gave no answer that can be used, while the device may be as well as ever. */
export class ExpertRefusal extends RuntimeFailure {
  readonly expert: string;
  constructor(expert: string, detail: string) {
    super('provider-failed', detail);
    this.expert = expert;
  }
}

export type StepFacts = Omit<EngineEventOf<'step-done'>, 'kind' | 'jobId' | 'attempt' | 'sequence' | 'tookMs'>;

export interface DenoiseHooks {
  /** Before each step: announces the unit of work and lets a cancel through. */
  readonly beforeStep: (step: number, stepCount: number) => Promise<void>;
  readonly afterStep: (facts: StepFacts) => void;
  /** Where the run stands before each step. */
  readonly onState: (state: DenoiseState) => void;
  readonly onCheckpoint: (at: 'boundary' | 'denoised', state: DenoiseState) => void;
  readonly injector: Injector;
}

export function initialState(seed: number, shape: LatentShape): DenoiseState {
  return {
    nextStep: 0,
    sample: gaussianNoise(seed, noiseStreams.initialLatent, elementCount(shape)),
    history: [],
    previousSample: null,
  };
}

/** A clip's latents are known; only the frames of the window are made anew, fitted to the others. */
interface OpenWindow {
  readonly clean: Float32Array;
  readonly noise: Float32Array;
  readonly start: DenoiseState;
}

/** Null where the whole clip is to be made: no window is asked for, or its latents are not there. */
function openWindow(
  { window, seed, steps }: AttemptPlan,
  shape: LatentShape,
  sigmas: Float64Array,
  from: DenoiseState,
): OpenWindow | null {
  if (window === null || from.nextStep < steps) return null;
  const clean = soundLatents(from.sample, shape, window);
  const noise = gaussianNoise(seed, noiseStreams.window, elementCount(shape));
  const nextStep = Math.min(window.fromStep, steps - 1);
  const sample = noised(clean, noise, sigmas[nextStep] ?? 0);
  return { clean, noise, start: { nextStep, sample, history: [], previousSample: null } };
}

/** Every step from `from` to clean. */
export async function denoise(
  graphs: PackGraphs,
  plan: AttemptPlan,
  shape: LatentShape,
  text: EncodedText,
  from: DenoiseState,
  hooks: DenoiseHooks,
): Promise<Float32Array> {
  const { manifest } = graphs;
  const sigmas = flowSigmas(plan.steps, manifest.scheduler.shift);
  const experts = expertsOfRung(manifest.experts, plan.experts);
  const boundaries = boundarySteps(experts, sigmas, plan.maskedExperts);
  const shadows = shadowSteps(experts, sigmas, plan.maskedExperts, plan.shadowExperts ?? []);
  const window = openWindow(plan, shape, sigmas, from);
  const start = window?.start ?? from;
  // A window is short and begins from what is saved already.
  const onCheckpoint: DenoiseHooks['onCheckpoint'] = (at, latents) => {
    if (!window) hooks.onCheckpoint(at, latents);
  };
  let state = start;
  let previousClean = start.history[0] ?? null;
  while (state.nextStep < plan.steps) {
    const step = state.nextStep;
    // A window's own states fit no other run.
    if (!window) hooks.onState(state);
    if (step > 0 && step !== start.nextStep && boundaries.includes(step)) onCheckpoint('boundary', state);
    const sigma = sigmas[step] ?? 0;
    const expert = gateExpert(experts, sigma, plan.maskedExperts);
    if (!expert) throw new NoExpertLeft(`every expert for sigma ${sigma.toFixed(3)} is masked`);
    // Before the step is announced: the deadline of a step is no measure for reading a spare from the disk.
    await graphs.expert(expert.id);
    const onTrial = shadows.get(step);
    if (onTrial) await graphs.expert(onTrial.id);
    await hooks.beforeStep(step, plan.steps);
    const timestep = sigma * manifest.scheduler.timestepScale;
    const read = hooks.injector.read(step, text);
    const answer = hooks.injector.answered(
      step,
      { expert: expert.id, sigma, sample: state.sample, previousClean },
      await answerOf(expert, async () => {
        await hooks.injector.asked(expert.id);
        return predictVelocity(graphs, expert, state.sample, shape, timestep, read);
      }),
    );
    const shadow = onTrial
      ? await tryExpert(graphs, onTrial, { state, sigmas, solver: plan.solver }, shape, timestep, text, hooks.injector)
      : undefined;
    const velocity = window && plan.window ? holdKnown(answer.velocity, window, shape, plan.window) : answer.velocity;
    const { state: next, clean } = solverStep(plan.solver, sigmas, state, velocity);
    state = next;
    hooks.afterStep({
      step,
      stepCount: plan.steps,
      sigma,
      expert: expert.id,
      clean: tensorFacts(clean),
      sample: tensorFacts(state.sample),
      cleanChannels: channelFacts(clean, shape.channels),
      velocityChannels: channelFacts(answer.velocity, shape.channels),
      ...(shadow ? { shadow } : {}),
      change: clipChange(clean, previousClean),
      attentionMax: answer.attentionMax,
      attentionMean: answer.attentionMean,
      attentionMap: answer.attentionMap && attentionLevels(answer.attentionMap, text.tokens.length),
      preview: {
        widthPx: shape.widthCells,
        heightPx: shape.heightCells,
        frameCount: shape.frames,
        rgb: latentPreview(clean, shape, manifest.latentRgb),
      },
    });
    previousClean = clean;
  }
  if (start.nextStep < plan.steps) {
    state = { ...state, sample: hooks.injector.denoised(state.sample, shape) };
    onCheckpoint('denoised', state);
  }
  return window && plan.window ? restoreKnown(state.sample, window.clean, shape, plan.window) : state.sample;
}

/** Memory and threads are the machine's business; whatever else is refused here, this expert was refused. */
async function answerOf<T>({ id }: Pick<PackExpert, 'id'>, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const isItsOwn = cause instanceof RuntimeFailure && cause.fault !== 'out-of-memory';
    if (!isItsOwn || cause instanceof ThreadsRefused) throw cause;
    throw new ExpertRefusal(id, cause.message);
  }
}

interface Moment {
  readonly state: DenoiseState;
  readonly sigmas: Float64Array;
  readonly solver: AttemptPlan['solver'];
}

/** What an expert on trial would have made of this step. */
async function tryExpert(
  graphs: PackGraphs,
  expert: PackExpert,
  { state, sigmas, solver }: Moment,
  shape: LatentShape,
  timestep: number,
  text: EncodedText,
  injector: Injector,
): Promise<NonNullable<StepFacts['shadow']>> {
  const answered = async (): Promise<Float32Array> => {
    await injector.asked(expert.id);
    const { velocity } = await predictVelocity(graphs, expert, state.sample, shape, timestep, text);
    return injector.tried(expert.id, velocity);
  };
  const velocity = await answerOf(expert, answered).catch((cause: unknown) => {
    if (!(cause instanceof ExpertRefusal)) throw cause;
    // No clip hangs on a trial: no answer counts as one without a single number.
    return new Float32Array(state.sample.length).fill(NaN);
  });
  const { clean } = solverStep(solver, sigmas, state, velocity);
  return {
    expert: expert.id,
    clean: tensorFacts(clean),
    cleanChannels: channelFacts(clean, shape.channels),
    velocityChannels: channelFacts(velocity, shape.channels),
  };
}

export interface ExpertAnswer {
  /** [channels, frames, height, width], guided. */
  readonly velocity: Float32Array;
  /** [tokens], for the prompt. */
  readonly attentionMax: Float32Array;
  readonly attentionMean: Float32Array;
  /** [batch, tokens, frames, rows, columns], the prompt last; null where the expert has no such output. */
  readonly attentionMap: { readonly data: Float32Array; readonly shape: readonly number[] } | null;
}

/**
 * One evaluation of an expert: the guidance pair goes through it as one batch of two. An expert of guidance 1 needs no answer to
 * the negative prompt (guidance was distilled into it), so that half is left out.
 */
export async function predictVelocity(
  graphs: PackGraphs,
  expert: Pick<PackExpert, 'id' | 'guidance'>,
  sample: Float32Array,
  shape: LatentShape,
  timestep: number,
  text: EncodedText,
): Promise<ExpertAnswer> {
  const { maxTokens } = graphs.manifest.tokenizer;
  const width = graphs.manifest.textEncoder.width;
  const batch = expert.guidance === 1 ? 1 : 2;
  const samples = new Float32Array(sample.length * batch);
  for (let i = 0; i < batch; i += 1) samples.set(sample, i * sample.length);
  const graph = await graphs.expert(expert.id);
  // Text is [negative, prompt]: a batch of one takes the prompt.
  const outputs = await graph.run({
    hidden_states: { data: samples, shape: [batch, shape.channels, shape.frames, shape.heightCells, shape.widthCells] },
    timestep: { data: new Float32Array(batch).fill(timestep), shape: [batch] },
    encoder_hidden_states: {
      data: text.states.subarray((2 - batch) * maxTokens * width),
      shape: [batch, maxTokens, width],
    },
    token_mask: { data: text.tokenMask.subarray((2 - batch) * maxTokens), shape: [batch, maxTokens] },
  });
  const velocity = floats(outputs['velocity']?.data);
  if (velocity.length !== samples.length)
    throw new RuntimeFailure('provider-failed', `${velocity.length} numbers were answered to ${samples.length}`);
  const map = outputs['attention_map'];
  return {
    velocity: batch === 1 ? velocity : guide(velocity, expert.guidance),
    attentionMax: floats(outputs['attention_max']?.data).slice((batch - 1) * maxTokens),
    attentionMean: floats(outputs['attention_mean']?.data).slice((batch - 1) * maxTokens),
    attentionMap: map ? { data: floats(map.data), shape: map.shape } : null,
  };
}
