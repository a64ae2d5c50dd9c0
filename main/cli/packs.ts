import { resolve } from 'node:path';

import type { PackManifest } from '../../app/contract/pack.ts';
import { FEWEST_RUNS } from '../../app/monitor/fit-step-bands.ts';
import { calibratePack, readCaptions, type Captions } from '../calibrate/calibrate-pack.ts';
import { calibrateTemplates } from '../calibrate/calibrate-templates.ts';
import { RunFailed } from '../calibrate/healthy-runs.ts';
import { spawnNodeEngine } from '../host/node-child.ts';
import { openFlowMeter } from '../monitor/flow-meter.ts';
import { openPack, PackStore, verifyPack, type Pack } from '../pack/pack-store.ts';
import type { CommandContext } from './context.ts';
import { markdownTable } from './markdown-table.ts';
import { CommandProblem, exitCodes } from './problem.ts';

const USAGE = 'legal: list, verify [ID], add DIR, remove ID, calibrate ID|DIR [--runs N], templates ID|DIR [--keep]';

/** Enough for bands that a healthy run leaves once in a hundred; some minutes on two cores for the embedded pack. */
const DEFAULT_RUNS = 48;
const MOST_RUNS = 1_000;

/** List, check, add and remove model packs. */
export async function packs(
  [action = 'list', argument, ...extra]: readonly string[],
  context: CommandContext,
): Promise<void> {
  const store = new PackStore(context);
  const say = (line: string): void => context.write(`${line}\n`);
  if (action === 'calibrate') return calibrate(store, argument, extra, context);
  if (action === 'templates') return templates(store, argument, extra, context);
  if (extra.length > 0)
    throw new CommandProblem(exitCodes.badRequest, `packs ${action} takes no further words; ${USAGE}`);
  switch (action) {
    case 'list':
    case 'verify': {
      const found = (await store.list()).filter(({ id }) => argument === undefined || id === argument);
      if (argument !== undefined && found.length === 0)
        throw new CommandProblem(exitCodes.badRequest, `pack "${argument}" is not here; ${USAGE}`);
      const damaged: string[] = [];
      for (const { id, pack } of found) {
        const fault = pack.ok ? (action === 'verify' ? await verifyPack(pack.value) : null) : pack.error;
        if (fault) damaged.push(`${id}: ${fault.detail}`);
        else if (pack.ok) say(describePack(pack.value, action === 'verify'));
      }
      if (damaged.length > 0) throw new CommandProblem(exitCodes.badRequest, `damaged: ${damaged.join(' | ')}`);
      return;
    }
    case 'add': {
      if (argument === undefined) throw new CommandProblem(exitCodes.badRequest, `packs add needs a folder; ${USAGE}`);
      const added = await store.add(resolve(argument));
      if (!added.ok)
        throw new CommandProblem(exitCodes.badRequest, `${argument} is no sound pack: ${added.error.detail}`);
      return say(`added ${describePack(added.value, true)}`);
    }
    case 'remove': {
      if (argument === undefined) throw new CommandProblem(exitCodes.badRequest, `packs remove needs an id; ${USAGE}`);
      const removed = await store.remove(argument);
      if (!removed.ok)
        throw new CommandProblem(exitCodes.badRequest, `pack "${argument}" can't be removed: ${removed.error.detail}`);
      return say(`removed ${argument}`);
    }
    default:
      throw new CommandProblem(exitCodes.badRequest, `"${action}" is not something packs can do; ${USAGE}`);
  }
}

/** Render healthy runs of a pack and write what they look like into it. */
async function calibrate(
  store: PackStore,
  argument: string | undefined,
  options: readonly string[],
  { write, signal, root }: CommandContext,
): Promise<void> {
  if (argument === undefined) throw refuse(`packs calibrate needs an id or a folder; ${USAGE}`);
  const runCount = options.length === 0 ? DEFAULT_RUNS : Number(options[0] === '--runs' && options[1]);
  if (options.length > 2 || !Number.isInteger(runCount) || runCount < FEWEST_RUNS || runCount > MOST_RUNS)
    throw refuse(`"${options.join(' ')}" is no number of runs; legal: --runs ${FEWEST_RUNS} to ${MOST_RUNS}`);
  const { pack, captions } = await toCalibrate(store, argument);
  await using flow = await openFlowMeter(root, spawnNodeEngine);
  try {
    const { alarmCount, runCount: judged } = await calibratePack(
      {
        ...{ pack, runCount, captions, spawnEngine: spawnNodeEngine, flow },
        onProgress: (line) => write(`${line}\n`),
      },
      signal,
    );
    write(`calibrated ${pack.manifest.id}: ${alarmCount} alarms in ${judged} fresh healthy runs\n`);
  } catch (cause) {
    if (cause instanceof RunFailed) throw refuse(`pack "${argument}" can't be calibrated: ${cause.message}`);
    throw cause;
  }
}

const refuse = (why: string): CommandProblem => new CommandProblem(exitCodes.badRequest, why);

async function toCalibrate(
  store: PackStore,
  argument: string,
): Promise<{ readonly pack: Pack; readonly captions: Captions }> {
  const known = (await store.list()).find(({ id }) => id === argument)?.pack;
  const pack = known ?? (await openPack(resolve(argument)));
  if (!pack.ok) throw refuse(`pack "${argument}" can't be calibrated: ${pack.error.detail}`);
  const fault = await verifyPack(pack.value);
  if (fault) throw refuse(`pack "${argument}" can't be calibrated: ${fault.detail}`);
  const captions = await readCaptions(pack.value.folder);
  if (!captions.ok) throw refuse(`pack "${argument}" can't be calibrated: ${captions.error}`);
  return { pack: pack.value, captions: captions.value };
}

/** How near two prompts must lie for a template, and what that is worth; with `--keep` it is written into the pack. */
async function templates(
  store: PackStore,
  argument: string | undefined,
  options: readonly string[],
  { write, signal }: CommandContext,
): Promise<void> {
  const isKept = options[0] === '--keep';
  if (argument === undefined || options.length > (isKept ? 1 : 0)) throw refuse(`packs templates: ${USAGE}`);
  const { pack, captions } = await toCalibrate(store, argument);
  try {
    const order = { pack, captions: captions.heldOut, spawnEngine: spawnNodeEngine, isKept };
    const { chosen, others } = await calibrateTemplates(order, signal);
    const percent = (share: number | null): string => (share === null ? '–' : `${(share * 100).toFixed(1)} %`);
    const heads = [
      ...['distance', 'paraphrases found', 'of other scenes'],
      ...['of scenes that differ in one thing', 'precision'],
    ];
    const rows = [...others, chosen].map(({ distance, paraphrases, strangers, neighbours, precision }) => [
      `${distance.toFixed(3)}${distance === chosen.distance ? ' (this pack)' : ''}`,
      ...[paraphrases, strangers, neighbours, precision].map(percent),
    ]);
    write(`${markdownTable(heads, rows)}\n`);
  } catch (cause) {
    if (cause instanceof RunFailed) throw refuse(`pack "${argument}": ${cause.message}`);
    throw cause;
  }
}

/** One line: id, version, what its rungs make, how large it is, whether it was checked. */
export function describePack(
  { manifest, isEmbedded }: { readonly manifest: PackManifest; readonly isEmbedded: boolean },
  isVerified: boolean,
): string {
  const bytes = Object.values(manifest.files).reduce((sum, file) => sum + file.bytes, 0);
  const rungs = manifest.rungs
    .map(({ name, widthPx, heightPx, frameCount }) => `${name} ${widthPx}x${heightPx}x${frameCount}`)
    .join(', ');
  const state = isVerified ? ', every file verified' : '';
  return `${manifest.id} ${manifest.version} (${isEmbedded ? 'embedded' : 'added'}, ${(bytes / 1e6).toFixed(1)} MB${state}): ${rungs}`;
}
