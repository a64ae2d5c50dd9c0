import type { EngineCommand, EngineEvent } from '../../app/contract/engine.ts';
import type { FaultReport } from '../../app/contract/report.ts';

/** Like the engine's command, which tells each field. */
export type AttemptOrder = Omit<Extract<EngineCommand, { kind: 'attempt' }>, 'kind'>;

export type WorkEvent = Extract<EngineEvent, { sequence: number }>;

/** How an attempt ended, as far as the engine is concerned; judging the frames is the monitors' business. */
export type AttemptEnd =
  { readonly kind: 'done' } | { readonly kind: 'cancelled' } | { readonly kind: 'failed'; readonly fault: FaultReport };
