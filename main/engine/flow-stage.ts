import type { EngineCommand, EngineEvent } from '../../app/contract/engine.ts';
import { openGraph, RuntimeFailure, type Graph } from './runtime.ts';
import { floats } from './text-stage.ts';

type FlowCommand = Extract<EngineCommand, { kind: 'load-flow' | 'flow' }>;
type Loaded = { readonly graph: Graph; readonly names: Extract<FlowCommand, { kind: 'load-flow' }> };

/** Optical flow between pairs of small pictures, one after the other. What it can't do it says, and stays alive. */
export class FlowStage {
  readonly #send: (event: EngineEvent) => void;
  #loaded: Loaded | null = null;

  constructor(send: (event: EngineEvent) => void) {
    this.#send = send;
  }

  async obey(command: FlowCommand): Promise<void> {
    try {
      await (command.kind === 'load-flow' ? this.#load(command) : this.#measure(command));
    } catch (cause) {
      if (!(cause instanceof RuntimeFailure)) throw cause;
      this.#send({ kind: 'flow-failed', detail: cause.message });
    }
  }

  async #load(names: Extract<FlowCommand, { kind: 'load-flow' }>): Promise<void> {
    const graph = await openGraph(names.graphPath, names.threads);
    const missing = [
      ...names.inputs.filter((name) => !graph.inputNames.includes(name)),
      ...[names.output].filter((name) => !graph.outputNames.includes(name)),
    ];
    if (missing.length > 0) throw new RuntimeFailure('pack-corrupt', `the flow graph lacks ${missing.join(', ')}`);
    this.#loaded = { graph, names };
    this.#send({ kind: 'flow-ready' });
  }

  async #measure({ pair, widthPx, heightPx, earlier, later }: Extract<FlowCommand, { kind: 'flow' }>): Promise<void> {
    if (!this.#loaded) throw new RuntimeFailure('pack-corrupt', 'there is no flow graph');
    const { graph, names } = this.#loaded;
    const startedMs = performance.now();
    const shape = [1, 3, heightPx, widthPx];
    const outputs = await graph.run({
      [names.inputs[0]]: { data: earlier, shape },
      [names.inputs[1]]: { data: later, shape },
    });
    const field = floats(outputs[names.output]?.data);
    this.#send({ kind: 'flow-done', pair, tookMs: performance.now() - startedMs, field });
  }
}
