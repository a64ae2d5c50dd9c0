import { PackStore, verifyPack } from '../pack/pack-store.ts';
import type { CommandContext } from './context.ts';
import { examine, type Line } from './doctor-checks.ts';
import { parseDoctorOptions, saveBundle } from './doctor-bundle.ts';
import { describePack } from './packs.ts';
import { CommandProblem, exitCodes } from './problem.ts';

const marks = { good: '✓', note: '!', bad: '✗' } as const;

/** What this machine has, what it lacks, and what to do about it: one aligned line each, gaps with their cure. */
export async function doctor(args: readonly string[], context: CommandContext): Promise<void> {
  const bundle = parseDoctorOptions(args);
  if (bundle) return saveBundle(bundle, context);
  const lines: Line[] = [];
  const tell = (found: readonly Line[]): void => {
    for (const { state, subject, text } of found) context.write(`${marks[state]} ${subject.padEnd(14)} ${text}\n`);
    lines.push(...found);
  };
  await examine(context, tell);
  tell(await lookAtPacks(context));

  const missing = lines.filter(({ state }) => state === 'bad');
  context.write(missing.length === 0 ? 'everything that a render needs is here\n' : `missing: ${missing.length}\n`);
  if (missing.length > 0)
    throw new CommandProblem(
      exitCodes.unwritable,
      missing.map(({ subject, text }) => `${subject}: ${text}`).join(' | '),
    );
}

async function lookAtPacks(context: CommandContext): Promise<readonly Line[]> {
  const found = await new PackStore(context).list();
  if (found.length === 0)
    return [{ state: 'bad', subject: 'packs', text: 'no model pack; add one: npm run packs -- add DIR' }];
  const lines: Line[] = [];
  for (const { id, pack } of found) {
    const fault = pack.ok ? await verifyPack(pack.value) : pack.error;
    if (fault) {
      const cure =
        pack.ok && !pack.value.isEmbedded ? 'remove it and add it again' : 'restore it (git checkout models)';
      lines.push({ state: 'bad', subject: 'pack', text: `${id}: ${fault.detail}; ${cure}` });
    } else if (pack.ok) lines.push({ state: 'good', subject: 'pack', text: describePack(pack.value, true) });
  }
  return lines;
}
