import { parsePackManifest } from '../../app/contract/pack.ts';
import type { EngineCommand } from '../../app/contract/engine.ts';
import { processorName } from '../../app/engine/processor-name.ts';
import { runAttempt } from './attempt.ts';
import { FlowStage } from './flow-stage.ts';
import { PackMisfit, type PackGraphs } from './pack-graphs.ts';
import { placePack } from './place.ts';
import { openPort } from './port.ts';
import { backends, RuntimeFailure, runtimeVersion } from './runtime.ts';

/** Exit code that tells main: a bug in the engine's own code, reported before. */
const BUG_EXIT_CODE = 70;

const port = openPort();
/** What was cancelled last; there is one attempt at a time. */
let cancel: Extract<EngineCommand, { kind: 'cancel' }> | null = null;
const nameOf = ({ jobId, attempt }: { readonly jobId: string; readonly attempt: number }): string =>
  `${jobId}/${attempt}`;
const flow = new FlowStage((event) => port.send(event));
let loading: Promise<PackGraphs | null> = Promise.resolve(null);
let busy: Promise<void> = Promise.resolve();

// Electron's utility process survives an unhandled rejection; a half-dead engine would look healthy.
process.on('unhandledRejection', (cause) => die(cause));
process.on('uncaughtException', (cause) => die(cause));

port.onCommand((command) => {
  if (command.kind === 'cancel') cancel = command;
  else if (command.kind === 'load') {
    // So that a list of processes tells which is which.
    process.title = 'steadyframe engine';
    loading = load(command);
  } else if (command.kind === 'load-flow' || command.kind === 'flow') {
    process.title = 'steadyframe flow';
    busy = busy.then(async () => flow.obey(command));
  } else busy = busy.then(async () => attempt(command));
});

async function load({
  packFolder,
  manifestText,
  threads,
  provider,
}: Extract<EngineCommand, { kind: 'load' }>): Promise<PackGraphs | null> {
  const manifest = parsePackManifest(manifestText);
  if (!manifest.ok) {
    port.send({ kind: 'load-failed', reason: 'pack-corrupt', detail: manifest.error });
    return null;
  }
  try {
    const placed = await placePack({
      packFolder,
      manifest: manifest.value,
      threads,
      provider,
      onPart: (part, index, count) => port.send({ kind: 'loading', part, index, count }),
      onWarm: (latencyMs) => port.send({ kind: 'warming', latencyMs }),
    });
    const { graphs, warmupMs, measured, proof } = placed;
    const deviceName = measured === 'cpu' ? processorName(placed.threads) : measured;
    const device = { provider: measured, requested: provider, proof, deviceName, backends: backends() };
    port.send({ kind: 'ready', ...device, runtimeVersion, warmupMs });
    return graphs;
  } catch (cause) {
    if (cause instanceof RuntimeFailure) port.send({ kind: 'load-failed', reason: cause.fault, detail: cause.message });
    else if (cause instanceof PackMisfit)
      port.send({ kind: 'load-failed', reason: 'pack-misconfigured', detail: cause.message });
    else throw cause;
    return null;
  }
}

async function attempt(command: Extract<EngineCommand, { kind: 'attempt' }>): Promise<void> {
  const graphs = await loading;
  if (!graphs) throw new Error('bug: an attempt was sent to an engine without a pack');
  await runAttempt(
    graphs,
    command,
    () => (cancel && nameOf(cancel) === nameOf(command) ? cancel : null),
    (event) => port.send(event),
  );
}

function die(cause: unknown): void {
  port.send({ kind: 'bug', message: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) });
  // Let the message leave the process before it ends.
  setTimeout(() => process.exit(BUG_EXIT_CODE), 50);
}
