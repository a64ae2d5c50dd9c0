import { createHash } from 'node:crypto';

import type { AttemptTrace } from '../../app/contract/snapshot.ts';
import type { WorkEvent } from '../host/attempt.ts';

/** Digests of what the engine reports, as it reports it: the memory of an attempt that can be compared with another one. */
export class TraceKeeper {
  #text: string | null = null;
  readonly #steps: AttemptTrace['steps'][number][] = [];
  #latents: string | null = null;
  readonly #frames: string[] = [];

  get trace(): AttemptTrace {
    return { text: this.#text, steps: [...this.#steps], latents: this.#latents, frames: [...this.#frames] };
  }

  see(event: WorkEvent): void {
    if (event.kind === 'text-done') this.#text = digestOf(event.pooled);
    if (event.kind === 'step-done') {
      const { step, cleanChannels, velocityChannels, attentionMax, attentionMean, preview } = event;
      const moments = [cleanChannels, velocityChannels].flatMap(({ mean, std, kurtosis }) => [mean, std, kurtosis]);
      this.#steps.push({ step, digest: digestOf(...moments, attentionMax, attentionMean, preview.rgb) });
    }
    if (event.kind === 'checkpoint' && event.at === 'denoised') this.#latents = digestOf(event.state.sample);
    if (event.kind === 'frames-decoded') this.#frames.push(digestOf(event.rgb));
  }
}

function digestOf(...parts: readonly (Float32Array | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const { buffer, byteOffset, byteLength } of parts) hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  return hash.digest('hex');
}
