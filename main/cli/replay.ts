import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';

import type { DenoiseState } from '../../app/contract/engine.ts';
import type { LedgerLine } from '../../app/contract/ledger.ts';
import type { Snapshot } from '../../app/contract/snapshot.ts';
import {
  endDifference,
  isSameMaker,
  planDifferences,
  surroundingsDifferences,
  traceDifference,
  type FieldDifference,
} from '../../app/monitor/compare-trace.ts';
import { hiddenTextOf, illegalField } from '../../app/plan/check-replay.ts';
import { replayEpisode } from '../../app/recovery/replay.ts';
import type { SpawnEngine } from '../host/engine-child.ts';
import { EngineHost } from '../host/engine-host.ts';
import { spawnNodeEngine } from '../host/node-child.ts';
import { TraceKeeper } from '../job/attempt-trace.ts';
import { PackStore, verifyPack, type Pack } from '../pack/pack-store.ts';
import { homePaths } from '../store/home.ts';
import { RunStore } from '../store/run-store.ts';
import { alteredFields, endRecord } from '../store/snapshot-seal.ts';
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
  const record = recordOf(snapshots[0]?.runId ?? '', context.home);
  const [unlike, noted]: [string[], string[]] = [[], []];
  const latents: SavedStates = new Map();
  for (const one of snapshots) {
    const verdict = await replayAttempt(one, { record, latents }, context, spawn);
    const name = `attempt ${one.attempt + 1}`;
    context.write(`attempt  ${one.attempt + 1}: ${verdict.says}\n`);
    if (verdict.kind === 'unlike') unlike.push(`${name} ${verdict.says}`);
    if (verdict.kind === 'noted') noted.push(...verdict.notes);
  }
  unlike.push(...replayDecisions(record, context));
  if (unlike.length > 0) throw new CommandProblem(exitCodes.unwritable, unlike.join(' | '));
  context.write(noted.length === 0 ? 'identical\n' : `same numbers, although ${[...new Set(noted)].join(', ')}\n`);
}

type Verdict =
  | { readonly kind: 'identical' | 'unlike'; readonly says: string }
  /** All that came out is the same, and something around it is not. */
  | { readonly kind: 'noted'; readonly says: string; readonly notes: readonly string[] };

const unlike = (says: string): Verdict => ({ kind: 'unlike', says });
const describe = ({ field, was, is }: FieldDifference): string => `${field} was "${was}" and is "${is}"`;

/** What the run's own home wrote down of it; nothing for a snapshot from elsewhere. */
function recordOf(runId: string, home: string): readonly LedgerLine[] {
  const path = homePaths(home).store;
  if (!existsSync(path)) return [];
  using store = new RunStore(path);
  return store.ledger(runId);
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

/** What everything that was recorded is held to: what comes out, how it ends, and all that is around it. */
async function replayAttempt(
  recorded: Snapshot,
  { record, latents }: { readonly record: readonly LedgerLine[]; readonly latents: SavedStates },
  context: CommandContext,
  spawn: SpawnEngine,
): Promise<Verdict> {
  const { runId: jobId, attempt, plan, injections, resumedAt } = recorded;
  const hidden = hiddenTextOf(recorded);
  if (hidden)
    return unlike(
      `can't be made again: plan.${hidden} was hidden when this snapshot left its machine; replay the run where it was made`,
    );
  const pack = await packOf(recorded, context);
  if (typeof pack === 'string') return unlike(pack);
  const illegal = illegalField(recorded, pack.manifest);
  if (illegal !== null) return unlike(`can't be made again: ${illegal}`);
  const resume = resumedAt === null ? null : (latents.get(resumedAt) ?? null);
  if (resumedAt !== null && !resume)
    return unlike(`can't be made again alone: it went on from latents of an attempt before it; replay the whole run`);
  const provider = recorded.surroundings.provider === 'none' ? 'cpu' : recorded.surroundings.provider;
  await using host = new EngineHost({
    ...{ spawn, provider, threads: availableParallelism() },
    pack: { folder: pack.folder, manifestText: pack.manifestText },
    onStatus: () => undefined,
  });
  const notReady = await host.ensureReady();
  if (notReady)
    return unlike(`can't be made again: provider was "${provider}", and here it gives ${notReady.kind} at the start`);
  const keeper = new TraceKeeper();
  // Nobody stops it this time; what came after its fault was never saved.
  const soundUntil = recorded.faults.find(({ evidence }) => 'stoppedAtStep' in evidence)?.step ?? Infinity;
  const end = await host.run(
    { jobId, attempt, plan, resume, injections },
    (event) => {
      keeper.see(event);
      if (event.kind === 'checkpoint' && event.state.nextStep <= soundUntil)
        latents.set(event.state.nextStep, event.state);
    },
    context.signal,
  );
  if (context.signal.aborted) throw new CommandProblem(exitCodes.unwritable, 'cancelled');
  const around = surroundingsDifferences(recorded, surroundingsOf(pack, host));
  const altered = alterations(recorded, record);
  const reasons = [...(altered ?? []), ...around.map(describe)];
  const why = (): string => {
    if (reasons.length > 0) return reasons.join(', ');
    return altered
      ? 'nothing around it has changed'
      : 'nothing around it has changed, and no record tells whether the file has';
  };
  const part = traceDifference(recorded.trace, keeper.trace);
  if (part) return unlike(`differs from ${part.place}${part.unit === null ? '' : ` ${part.unit}`} on; ${why()}`);
  const ending = endDifference(recorded.end, endRecord(end));
  if (ending) return unlike(`ended otherwise: ${describe(ending)}; ${why()}`);
  if (reasons.length === 0) return { kind: 'identical', says: `identical${countOf(recorded)}` };
  const says = `same numbers${countOf(recorded)}, although ${reasons.join(', ')}`;
  return (altered ?? []).length > 0 || !isSameMaker(around) ? unlike(says) : { kind: 'noted', says, notes: reasons };
}

/** What somebody changed in the snapshot since it was written; null where neither a seal nor the run's record can tell. */
function alterations(one: Snapshot, record: readonly LedgerLine[]): readonly string[] | null {
  const begun = record.findLast((line) => line.kind === 'attempt-begun' && line.attempt === one.attempt);
  const known = begun?.kind === 'attempt-begun' ? planDifferences(begun.plan, one) : null;
  const broken = alteredFields(one);
  if (known === null && broken === null) return null;
  const told = new Set(known?.map(({ field }) => field));
  return [
    ...(known ?? []).map(describe),
    ...(broken ?? []).filter((field) => !told.has(field)).map((field) => `${field} was altered in the file`),
  ];
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
function replayDecisions(record: readonly LedgerLine[], { write }: CommandContext): readonly string[] {
  const taken = replayEpisode(record);
  if (taken.length > 0) write(`decided  ${taken.length} taken again\n`);
  return taken
    .filter(({ recorded, replayed }) => recorded !== replayed)
    .map(
      ({ attempt, recorded, replayed }) =>
        `after attempt ${(attempt ?? 0) + 1} the branch was ${recorded} and is ${replayed}`,
    );
}
