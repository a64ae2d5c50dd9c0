import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';

import type { DenoiseState } from '../../app/contract/engine.ts';
import type { Snapshot } from '../../app/contract/snapshot.ts';
import { surroundingsDifferences, traceDifference } from '../../app/monitor/compare-trace.ts';
import { replayEpisode } from '../../app/recovery/replay.ts';
import type { SpawnEngine } from '../host/engine-child.ts';
import { EngineHost } from '../host/engine-host.ts';
import { spawnNodeEngine } from '../host/node-child.ts';
import { TraceKeeper } from '../job/attempt-trace.ts';
import { PackStore, verifyPack, type Pack } from '../pack/pack-store.ts';
import { homePaths } from '../store/home.ts';
import { RunStore } from '../store/run-store.ts';
import { readSnapshot, SnapshotStore, surroundingsOf } from '../store/snapshot-store.ts';
import type { CommandContext } from './context.ts';
import { CommandProblem, exitCodes } from './problem.ts';

/** Latents that the attempts before have left, by the step that goes on from them; later ones take the place of earlier ones. */
type SavedStates = Map<number, DenoiseState>;

const USAGE = 'legal: npm run replay -- RUN_ID|SNAPSHOT.json';

/** Make the attempts of a run again and hold them to what was recorded; then take its decisions again. */
export async function replay(
  [wanted, ...extra]: readonly string[],
  context: CommandContext,
  spawn: SpawnEngine = spawnNodeEngine,
): Promise<void> {
  if (wanted === undefined || extra.length > 0)
    throw new CommandProblem(exitCodes.badRequest, `replay takes one run or one snapshot; ${USAGE}`);
  const snapshots = await find(wanted, context.home);
  const differences: string[] = [];
  const latents: SavedStates = new Map();
  for (const one of snapshots) {
    const difference = await replayAttempt(one, latents, context, spawn);
    context.write(
      `attempt  ${one.attempt + 1}: ${difference ?? 'identical'}${difference === null ? countOf(one) : ''}\n`,
    );
    if (difference !== null) differences.push(`attempt ${one.attempt + 1} ${difference}`);
  }
  const [first] = snapshots;
  if (first) differences.push(...replayDecisions(first.runId, context));
  if (differences.length > 0) throw new CommandProblem(exitCodes.unwritable, differences.join(' | '));
  context.write('identical\n');
}

async function find(wanted: string, home: string): Promise<readonly Snapshot[]> {
  const isId = /^[0-9a-f]{8}[0-9a-f-]{0,28}$/i.test(wanted);
  const paths = isId ? await new SnapshotStore(home).ofRun(wanted) : [resolve(wanted)];
  if (paths.length === 0)
    throw new CommandProblem(exitCodes.badRequest, `there is no snapshot of run "${wanted}"; ${USAGE}`);
  const found: Snapshot[] = [];
  for (const path of paths) {
    const read = await readSnapshot(path);
    if (!read.ok) throw new CommandProblem(exitCodes.badRequest, `snapshot "${path}": ${read.error}; ${USAGE}`);
    found.push(read.value);
  }
  if (new Set(found.map(({ runId }) => runId)).size > 1)
    throw new CommandProblem(exitCodes.badRequest, `"${wanted}" begins the id of more than one run; ${USAGE}`);
  return found;
}

/** Null when everything that was recorded came out again, bit for bit; else the first thing that did not, and what could be why. */
async function replayAttempt(
  recorded: Snapshot,
  latents: SavedStates,
  context: CommandContext,
  spawn: SpawnEngine,
): Promise<string | null> {
  const { runId: jobId, attempt, plan, injections, resumedAt } = recorded;
  const resume = resumedAt === null ? null : (latents.get(resumedAt) ?? null);
  if (resumedAt !== null && !resume)
    return `can't be made again alone: it went on from latents of an attempt before it; replay the whole run`;
  const pack = await packOf(recorded, context);
  if (typeof pack === 'string') return pack;
  await using host = new EngineHost({
    spawn,
    pack: { folder: pack.folder, manifestText: pack.manifestText },
    threads: availableParallelism(),
    onStatus: () => undefined,
  });
  const notReady = await host.ensureReady();
  if (notReady) return `can't be made again: ${notReady.kind} ${JSON.stringify(notReady.evidence)}`;
  const keeper = new TraceKeeper();
  // Nobody stops it this time; what came after its fault was never saved.
  const soundUntil = recorded.faults.find(({ evidence }) => 'stoppedAtStep' in evidence)?.step ?? Infinity;
  await host.run(
    { jobId, attempt, plan, resume, injections },
    (event) => {
      keeper.see(event);
      if (event.kind === 'checkpoint' && event.state.nextStep <= soundUntil)
        latents.set(event.state.nextStep, event.state);
    },
    context.signal,
  );
  if (context.signal.aborted) throw new CommandProblem(exitCodes.unwritable, 'cancelled');
  const difference = traceDifference(recorded.trace, keeper.trace);
  if (!difference) return null;
  const { place, unit } = difference;
  const reasons = surroundingsDifferences(recorded, surroundingsOf(pack, host)).map(
    ({ field, was, is }) => `${field} was "${was}" and is "${is}"`,
  );
  return `differs from ${place}${unit === null ? '' : ` ${unit}`} on; ${reasons.length > 0 ? reasons.join(', ') : 'nothing around it has changed'}`;
}

async function packOf(
  { surroundings: { packId, packVersion } }: Snapshot,
  context: CommandContext,
): Promise<Pack | string> {
  const found = (await new PackStore(context).list()).find(({ id }) => id === packId)?.pack;
  if (!found) return `can't be made again: packId was "${packId}" and is not here (version ${packVersion})`;
  if (!found.ok) return `can't be made again: pack ${packId}: ${found.error.detail}`;
  const fault = await verifyPack(found.value);
  return fault ? `can't be made again: pack ${packId}: ${fault.detail}` : found.value;
}

const countOf = ({ trace: { steps, frames } }: Snapshot): string =>
  `, ${steps.length} steps and the frames of ${frames.length} latent frames`;

/** The same branches of the tree from the same circumstances; each that is not the same. */
function replayDecisions(runId: string, { home, write }: CommandContext): readonly string[] {
  using store = new RunStore(homePaths(home).store);
  const taken = replayEpisode(store.ledger(runId));
  if (taken.length > 0) write(`decided  ${taken.length} taken again\n`);
  return taken
    .filter(({ recorded, replayed }) => recorded !== replayed)
    .map(
      ({ attempt, recorded, replayed }) =>
        `after attempt ${(attempt ?? 0) + 1} the branch was ${recorded} and is ${replayed}`,
    );
}
