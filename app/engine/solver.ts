import { assertOwn } from '../base/result.ts';
import type { DenoiseState } from '../contract/engine.ts';

export type SolverName = 'unipc' | 'euler';

/** UniPC looks back at one clean prediction beside the current one. */
const UNIPC_ORDER = 2;

/**
 * One solver step. Pure: the state goes in and comes out as data, so a run saved between two steps goes on bit for bit.
 *
 * @param sigmas    the schedule, [steps + 1]
 * @param state     `state.sample` is the latent at sigmas[state.nextStep]
 * @param velocity  the model's answer for that latent: noise - clean
 * @returns         the state at the next sigma, and the predicted clean latent for probes and preview
 */
export function solverStep(
  solver: SolverName,
  sigmas: Float64Array,
  state: DenoiseState,
  velocity: Float32Array,
): { readonly state: DenoiseState; readonly clean: Float32Array } {
  const step = state.nextStep;
  const sigma = at(sigmas, step);
  assertOwn(velocity.length === state.sample.length, 'velocity and sample have the same shape');
  const clean = combine(state.sample, velocity, 1, -sigma);
  return { state: solver === 'euler' ? eulerStep(sigmas, state, clean) : unipcStep(sigmas, state, clean), clean };
}

function eulerStep(sigmas: Float64Array, state: DenoiseState, clean: Float32Array): DenoiseState {
  const sigma = at(sigmas, state.nextStep);
  const ratio = at(sigmas, state.nextStep + 1) / sigma;
  const sample = combine(state.sample, clean, ratio, 1 - ratio);
  return { nextStep: state.nextStep + 1, sample, history: [], previousSample: null };
}

/**
 * UniPC of order 2 in its B2(h) form with data prediction: correct the current sample with the new model answer, then
 * predict the next one. The first and the last step fall back to order 1.
 *
 * @see Zhao et al., "UniPC: a unified predictor-corrector framework", NeurIPS 2023, Algorithms 1 and 2
 */
function unipcStep(sigmas: Float64Array, state: DenoiseState, clean: Float32Array): DenoiseState {
  const { nextStep: step, history, previousSample } = state;
  const corrected = previousSample === null ? state.sample : unipcCorrect(sigmas, step, previousSample, history, clean);
  const stepCount = sigmas.length - 1;
  const order = Math.min(UNIPC_ORDER, step + 1, stepCount - step);
  const predictions = [clean, ...history].slice(0, UNIPC_ORDER);
  const sample = unipcPredict(sigmas, step, corrected, predictions, order);
  return { nextStep: step + 1, sample, history: predictions, previousSample: corrected };
}

/** From the sample at sigmas[step] to sigmas[step + 1]; `predictions` newest first. */
function unipcPredict(
  sigmas: Float64Array,
  step: number,
  sample: Float32Array,
  predictions: readonly Float32Array[],
  order: number,
): Float32Array {
  const { ratio, gain, base } = leap(sigmas, step);
  const [newest, older] = predictions;
  assertOwn(newest !== undefined, 'a prediction needs a model answer');
  if (order < 2 || older === undefined) return combine(sample, newest, ratio, -gain);
  const span = logSnr(at(sigmas, step + 1)) - logSnr(at(sigmas, step));
  const reach = (logSnr(at(sigmas, step - 1)) - logSnr(at(sigmas, step))) / span;
  // With two points the predictor's weight is 1/2 by the paper's own simplification for order 2.
  const weight = (0.5 * at(sigmas, step + 1, alpha) * base) / reach;
  const next = new Float32Array(sample.length);
  for (let i = 0; i < next.length; i += 1) {
    const now = newest[i] ?? 0;
    next[i] = ratio * (sample[i] ?? 0) - gain * now - weight * ((older[i] ?? 0) - now);
  }
  return next;
}

/**
 * Redo the leap from sigmas[step - 1] to sigmas[step], now that the model's answer at its end is known.
 *
 * @param previous  the sample at sigmas[step - 1]
 * @param history   clean predictions up to that point, newest first
 * @param clean     the new answer at sigmas[step]
 */
function unipcCorrect(
  sigmas: Float64Array,
  step: number,
  previous: Float32Array,
  history: readonly Float32Array[],
  clean: Float32Array,
): Float32Array {
  const { ratio, gain, base } = leap(sigmas, step - 1);
  const [newest, older] = history;
  assertOwn(newest !== undefined, 'a correction needs the former model answer');
  const scale = alpha(at(sigmas, step)) * base;
  const corrected = new Float32Array(previous.length);
  if (older === undefined) {
    for (let i = 0; i < corrected.length; i += 1) {
      const then = newest[i] ?? 0;
      corrected[i] = ratio * (previous[i] ?? 0) - gain * then - scale * 0.5 * ((clean[i] ?? 0) - then);
    }
    return corrected;
  }
  const span = logSnr(at(sigmas, step)) - logSnr(at(sigmas, step - 1));
  const reach = (logSnr(at(sigmas, step - 2)) - logSnr(at(sigmas, step - 1))) / span;
  const [olderWeight, newerWeight] = correctorWeights(-span, reach);
  for (let i = 0; i < corrected.length; i += 1) {
    const then = newest[i] ?? 0;
    const bend = (olderWeight * ((older[i] ?? 0) - then)) / reach + newerWeight * ((clean[i] ?? 0) - then);
    corrected[i] = ratio * (previous[i] ?? 0) - gain * then - scale * bend;
  }
  return corrected;
}

/** Loops instead of `map` here: a callback for each element costs more than its arithmetic. */
function combine(a: Float32Array, b: Float32Array, aWeight: number, bWeight: number): Float32Array {
  const sum = new Float32Array(a.length);
  for (let i = 0; i < sum.length; i += 1) sum[i] = aWeight * (a[i] ?? 0) + bWeight * (b[i] ?? 0);
  return sum;
}

/** Solve the 2 x 2 system [[1, 1], [reach, 1]] w = [b1, b2] of the paper's equation for B2(h). */
function correctorWeights(h: number, reach: number): readonly [older: number, newer: number] {
  const base = Math.expm1(h);
  const phi1 = base / h - 1;
  const phi2 = phi1 / h - 0.5;
  const b1 = phi1 / base;
  const b2 = (2 * phi2) / base;
  const older = (b2 - b1) / (reach - 1);
  return [older, b1 - older];
}

/** The order-1 part of a leap from sigmas[step] to sigmas[step + 1]: next = ratio * sample - gain * clean. */
function leap(
  sigmas: Float64Array,
  step: number,
): { readonly ratio: number; readonly gain: number; readonly base: number } {
  const from = at(sigmas, step);
  const to = at(sigmas, step + 1);
  // At sigma 0 the log-SNR is infinite and expm1(-inf) is -1: the leap ends in the clean prediction itself.
  const base = Math.expm1(logSnr(from) - logSnr(to));
  return { ratio: to / from, gain: alpha(to) * base, base };
}

const alpha = (sigma: number): number => 1 - sigma;
const logSnr = (sigma: number): number => Math.log(1 - sigma) - Math.log(sigma);

function at(sigmas: Float64Array, index: number, map: (sigma: number) => number = (sigma) => sigma): number {
  const sigma = sigmas[index];
  assertOwn(sigma !== undefined, `the schedule has a sigma number ${index}`);
  return map(sigma);
}
