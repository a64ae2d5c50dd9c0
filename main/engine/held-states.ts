import type { DenoiseState } from '../../app/contract/engine.ts';

/** Main judges a step while the next one is computed: what was sound before lies no further back than this. */
const HELD_COUNT = 4;

/** The newest states of a run, so that main can have the one before a step that it found fault with. */
export class HeldStates {
  #states: readonly DenoiseState[] = [];

  hold(state: DenoiseState): void {
    this.#states = [...this.#states, state].slice(-HELD_COUNT);
  }

  /** The state from which this step was made; null where it is no longer held. */
  before(step: number): DenoiseState | null {
    return this.#states.find(({ nextStep }) => nextStep === step) ?? null;
  }

  get newest(): DenoiseState | null {
    return this.#states.at(-1) ?? null;
  }
}
