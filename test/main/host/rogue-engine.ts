import type { EngineCommand, EngineEvent } from '../../../app/contract/engine.ts';
import { sampleFacts, sampleStep } from '../../fixture/engine-event.ts';

/**
 * An engine that loads at once and then does what its first argument says; it speaks the real protocol over the real
 * channel, so that the host is tested against real processes.
 */
const [mode] = process.argv.slice(2);
const send = (event: EngineEvent): void => void process.send?.(event);
const babble = (message: unknown): void => void process.send?.(message);
const dieNow = (): void => void process.kill(process.pid, 'SIGKILL');
/** Once what was said has left the process. */
const stopSoon = (): void => void setTimeout(() => process.kill(process.pid, 'SIGSTOP'), 50);

process.on('disconnect', () => process.exit(0));
process.on('message', (command: EngineCommand) => {
  if (command.kind === 'load') {
    if (mode === 'die-at-load') dieNow();
    else if (mode === 'stop-at-load') process.kill(process.pid, 'SIGSTOP');
    else if (mode === 'stop-while-loading') {
      send({ kind: 'loading', part: 'tokenizer', index: 0, count: 2 });
      stopSoon();
    } else if (mode === 'stop-while-warming') {
      send({ kind: 'warming', latencyMs: 1 });
      stopSoon();
    } else if (mode === 'garbage-at-load') babble({ kind: 'ready', provider: 7 });
    else {
      send({ kind: 'ready', provider: 'cpu', deviceName: 'rogue', runtimeVersion: '0', warmupMs: [1] });
      if (mode === 'stop-when-ready') stopSoon();
    }
  }
  if (command.kind === 'attempt') work(command);
});

function work({ jobId, attempt }: Extract<EngineCommand, { kind: 'attempt' }>): void {
  const at = (sequence: number) => ({ jobId, attempt, sequence });
  const started = { kind: 'unit-started', stage: 'denoise', unit: 4, unitCount: 8 } as const;
  send({ ...at(0), ...started });
  switch (mode) {
    case 'die':
      return dieNow();
    case 'garbage':
      return babble('\u0000\u0001 what?');
    case 'lose':
      return send({ ...at(2), ...started });
    case 'hang':
      // One fast step, from which the host learns a short deadline, then silence.
      send({ ...at(1), ...sampleStep });
      send({ ...at(2), ...started });
      // A stopped process and a native call that never returns look alike from outside.
      return stopSoon();
    case 'stop-after-text':
      send({ ...at(1), ...text });
      return stopSoon();
    case 'stop-between-steps':
      send({ ...at(1), ...sampleStep });
      return stopSoon();
    case 'stop-before-done':
      send({ ...at(1), ...frames });
      return stopSoon();
    case 'repeat': {
      send({ ...at(0), ...started });
      const failed = { kind: 'attempt-failed', reason: 'provider-failed', stage: 'text', detail: '' } as const;
      send({ ...at(1), jobId: 'another', ...failed });
      break;
    }
    default:
      break;
  }
  send({ ...at(1), kind: 'attempt-done' });
}

const text = {
  kind: 'text-done',
  tookMs: 1,
  pooled: new Float32Array(1),
  facts: sampleFacts,
  tokens: [],
  wasTruncated: false,
} as const;
const frames = {
  kind: 'frames-decoded',
  tookMs: 1,
  firstFrame: 0,
  frameCount: 1,
  facts: sampleFacts,
  rgb: new Uint8Array(3),
} as const;
