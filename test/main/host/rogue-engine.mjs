/**
 * An engine that loads at once and then does what its first argument says; it speaks the real protocol over the real
 * channel, so that the host is tested against real processes.
 */
const [mode] = process.argv.slice(2);
const send = (event) => process.send(event);
const ready = { kind: 'ready', provider: 'cpu', deviceName: 'rogue', warmupMs: [1] };

process.on('disconnect', () => process.exit(0));
process.on('message', (command) => {
  if (command.kind === 'load') {
    if (mode === 'die-at-load') process.kill(process.pid, 'SIGKILL');
    else if (mode === 'garbage-at-load') send({ kind: 'ready', provider: 7 });
    else send(ready);
  }
  if (command.kind === 'attempt') attempt(command);
});

function attempt({ jobId, attempt }) {
  const work = (sequence, rest) => send({ jobId, attempt, sequence, ...rest });
  const started = { kind: 'unit-started', stage: 'denoise', unit: 4, unitCount: 8 };
  work(0, started);
  if (mode === 'die') process.kill(process.pid, 'SIGKILL');
  if (mode === 'hang') hang(work, started);
  if (mode === 'garbage') send('\u0000\u0001 what?');
  if (mode === 'lose') work(2, started);
  if (mode === 'repeat') {
    work(0, started);
    send({
      jobId: 'another',
      attempt,
      sequence: 1,
      kind: 'attempt-failed',
      reason: 'provider-failed',
      stage: 'text',
      detail: '',
    });
  }
  if (mode === 'sound' || mode === 'repeat') work(1, { kind: 'attempt-done' });
}

/** One fast step, from which the host learns a short deadline, then silence: as a native call that never returns. */
function hang(work, started) {
  const facts = { nonFiniteCount: 0, elementCount: 1, mean: 0, std: 1, min: 0, max: 0 };
  const preview = { widthPx: 1, heightPx: 1, frameCount: 1, rgb: new Uint8Array(3) };
  const attention = { attentionMax: new Float32Array(1), attentionMean: new Float32Array(1) };
  const step = { step: 3, stepCount: 8, sigma: 0.5, expert: 'low', clean: facts, sample: facts, preview, ...attention };
  work(1, { kind: 'step-done', tookMs: 1, ...step });
  work(2, started);
  setTimeout(() => process.kill(process.pid, 'SIGSTOP'), 50);
}
