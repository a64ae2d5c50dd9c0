import { parseInjection } from '../../app/contract/injection-text.ts';
import { nextSeed } from '../../app/plan/render-plan.ts';
import { ShortRuns, type ShortOrder } from './short-run.ts';

/** Where a run that goes wrong is stopped early, or goes on from what is saved. */
const cases = [
  {
    name: 'early stop: latents leave their band at step 5 of 20',
    fault: 'latent-out-of-band@denoise:4',
    rival: 'to the end',
  },
  { name: 'early stop: a NaN at step 10 of 20', fault: 'latent-nonfinite@denoise:9', rival: 'to the end' },
  { name: 'resumed: the decoder gives invalid numbers', fault: 'decode-nonfinite@decode', rival: 'to the end' },
  { name: 'resumed: the engine dies at step 16 of 20', fault: 'engine-crashed@denoise:15', rival: 'from noise' },
  { name: 'resumed: the engine dies while it decodes', fault: 'engine-crashed@decode', rival: 'from noise' },
] as const;

export interface Saving {
  readonly name: string;
  readonly trials: number;
  /** Of these delivered at grade full or repaired. */
  readonly good: number;
  /** From the request to the clip, mean over the trials. */
  readonly oursSeconds: number;
  /** The same for a tool that sees at the end that the clip is bad, or that nothing is left of it, and makes it again. */
  readonly rivalSeconds: number;
  /** What the early stops themselves say that they saved, mean over the trials. */
  readonly saidSeconds: number;
}

const SOUND = { prompt: 'A penguin walks to the right in the snow', mode: 'auto', steps: 20, frameCount: 9 } as const;

/**
 * Seconds that early stops and saved latents are worth. The rival is measured in the same turn. Where nothing stops the run: two sound
 * runs of the same size, one for the clip that comes out bad and one for the clip that follows it. Where the engine died: the same
 * death, and all of it once more.
 */
export async function measureSavings(options: {
  readonly root: string;
  readonly home: string;
  readonly trials: number;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly onCase: (line: string) => void;
}): Promise<readonly Saving[]> {
  await using runs = await ShortRuns.open(options.root, options.home);
  // The first run starts the engine, which is on nobody's account.
  await runs.run({ ...SOUND, seed: options.seed, injections: [] });
  const savings: Saving[] = [];
  for (const { name, fault, rival } of cases) {
    const injection = parseInjection(fault);
    if (!injection.ok) throw new Error(`bug: ${fault} is not legal`);
    let [good, ours, theirs, said, trials] = [0, 0, 0, 0, 0];
    let seed = options.seed;
    while (trials < options.trials && !options.signal.aborted) {
      seed = nextSeed(seed);
      const order: ShortOrder = { ...SOUND, seed, injections: [] };
      const spoiled = { ...order, injections: [injection.value] };
      const startOver = async (): Promise<number> =>
        rival === 'from noise'
          ? (await runs.run({ ...spoiled, mode: 'retry' })).seconds
          : (await runs.run(order)).seconds + (await runs.run({ ...order, seed: nextSeed(seed) })).seconds;
      // Whoever begins has the colder caches: they take turns.
      if (trials % 2 === 1) theirs += await startOver();
      const end = await runs.run(spoiled);
      if (trials % 2 === 0) theirs += await startOver();
      ours += end.seconds;
      said += end.savedSeconds;
      good += end.grade === 'full' || end.grade === 'repaired' ? 1 : 0;
      trials += 1;
    }
    if (trials === 0) break;
    const saving = {
      ...{ name, trials, good, oursSeconds: ours / trials, rivalSeconds: theirs / trials },
      saidSeconds: said / trials,
    };
    savings.push(saving);
    options.onCase(`${name}: ${saving.oursSeconds.toFixed(2)} s instead of ${saving.rivalSeconds.toFixed(2)} s`);
  }
  return savings;
}
