import type { EngineBackends } from '../../app/contract/engine.ts';
import { messageOf } from '../../app/base/message-of.ts';
import { env, InferenceSession, listSupportedBackends, Tensor } from 'onnxruntime-node';

/** Other versions of the runtime may round in another way. */
export const runtimeVersion = env.versions.node ?? env.versions.common;

/** What it was built for on this system; whether a device answers is known only once it was tried. */
export const backends = (): EngineBackends =>
  listSupportedBackends().map(({ name, bundled }) => ({ name, isBundled: bundled }));

/** The one seam to ONNX Runtime: nobody else imports it. */
export interface Graph {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /** Fixed size of one axis of an input, or null where it is free. */
  inputSize(name: string, axis: number): number | null;
  run(inputs: Readonly<Record<string, GraphTensor>>): Promise<Readonly<Record<string, GraphTensor>>>;
  release(): Promise<void>;
}

export interface GraphTensor {
  readonly data: Float32Array | BigInt64Array;
  readonly shape: readonly number[];
}

export type RuntimeFault = 'pack-corrupt' | 'out-of-memory' | 'provider-failed';

/** A refusal of the runtime, already named; `detail` is its own first line. */
export class RuntimeFailure extends Error {
  readonly fault: RuntimeFault;
  constructor(fault: RuntimeFault, detail: string) {
    super(detail);
    this.fault = fault;
  }
}

/** The system allows no more threads: with fewer it may work. */
export class ThreadsRefused extends RuntimeFailure {}

/**
 * How long a thread waits awake for its next part. By default it is a millisecond or more, which a neighbour on the same
 * cores pays for and we do too: with one of two cores taken, a step then lasts 74 ms instead of 41.
 */
const SPIN_MICROSECONDS = '20';

/** Where a graph is to be computed; strict: there or not at all. */
export interface Placement {
  readonly provider: string;
  readonly isStrict: boolean;
}
const onProcessor: Placement = { provider: 'cpu', isStrict: false };

export const sessionOptions = (
  threads: number,
  { provider, isStrict }: Placement = onProcessor,
): InferenceSession.SessionOptions => ({
  executionProviders: [provider],
  intraOpNumThreads: threads,
  interOpNumThreads: 1,
  graphOptimizationLevel: 'all',
  logSeverityLevel: 4,
  extra: {
    session: {
      intra_op: { spin_duration_us: SPIN_MICROSECONDS },
      ...(isStrict ? { disable_cpu_ep_fallback: '1' } : {}),
    },
  },
});

/** Load by path, never from bytes: external data would be looked up in the working folder. */
export async function openGraph(path: string, threads: number, placement: Placement = onProcessor): Promise<Graph> {
  // On the processor, only the file can be wrong.
  const fault = placement.provider === 'cpu' && !placement.isStrict ? 'pack-corrupt' : 'provider-failed';
  const session = await named(fault, async () => InferenceSession.create(path, sessionOptions(threads, placement)));
  return {
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    inputSize: (name, axis) => {
      const meta = session.inputMetadata.find((input) => input.name === name);
      const size = meta?.isTensor === true ? meta.shape[axis] : undefined;
      return typeof size === 'number' && size > 0 ? size : null;
    },
    run: async (inputs) => {
      const feeds = Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => [name, toTensor(tensor)]));
      const outputs = await named('provider-failed', async () => session.run(feeds));
      return Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name, fromTensor(name, tensor)]));
    },
    release: async () => session.release(),
  };
}

function toTensor({ data, shape }: GraphTensor): Tensor {
  return data instanceof Float32Array ? new Tensor('float32', data, shape) : new Tensor('int64', data, shape);
}

function fromTensor(name: string, value: Tensor): GraphTensor {
  const { data, dims } = value;
  if (data instanceof Float32Array || data instanceof BigInt64Array) return { data, shape: dims };
  throw new RuntimeFailure('pack-corrupt', `output ${name} is ${value.type}, not float32`);
}

/** ONNX Runtime tells its failures apart by text alone; this is the only place that reads it. */
async function named<T>(otherwise: RuntimeFault, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const text = messageOf(cause);
    if (/pthread_create failed|resource temporarily unavailable/i.test(text))
      throw new ThreadsRefused('provider-failed', text.split('\n')[0] ?? '');
    const isMemory = /bad[ _]alloc|failed to allocate|out of memory|not enough memory/i.test(text);
    throw new RuntimeFailure(isMemory ? 'out-of-memory' : otherwise, text.split('\n')[0] ?? '');
  }
}
