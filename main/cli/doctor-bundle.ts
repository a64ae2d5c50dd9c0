import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { checkFileWritable } from '../export/writable.ts';
import { homePaths } from '../store/home.ts';
import { PackStore, verifyPack } from '../pack/pack-store.ts';
import { RunStore } from '../store/run-store.ts';
import { readTelemetry } from '../store/telemetry-file.ts';
import { collectBundle, writeBundle, type BundleFile } from '../telemetry/bundle.ts';
import { deviceFacts } from '../telemetry/device-facts.ts';
import { secretsOf } from '../telemetry/secrets.ts';
import type { CommandContext } from './context.ts';
import { examine } from './doctor-checks.ts';
import { CommandProblem, exitCodes } from './problem.ts';

export interface BundleOptions {
  readonly path: string;
  readonly jobId: string | null;
  readonly leftOut: readonly string[];
}

const LEGAL = '--bundle FILE.zip [--run ID] [--without PART]…';

/** @throws CommandProblem  with the legal words */
export function parseDoctorOptions(args: readonly string[]): BundleOptions | null {
  if (args.length === 0) return null;
  const refuse = (why: string): never => {
    throw new CommandProblem(exitCodes.badRequest, `${why}; legal: npm run doctor, or with ${LEGAL}`);
  };
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { bundle: { type: 'string' }, run: { type: 'string' }, without: { type: 'string', multiple: true } },
    });
    if (values.bundle === undefined || values.bundle === '')
      return refuse('doctor writes a bundle only to a named file');
    return { path: resolve(values.bundle), jobId: values.run ?? null, leftOut: values.without ?? [] };
  } catch (cause) {
    if (cause instanceof CommandProblem) throw cause;
    return refuse(cause instanceof Error ? (cause.message.split('. ')[0] ?? '') : String(cause));
  }
}

/** Write a diagnostics bundle, and say of every part what it is and how large. Nothing leaves the machine. */
export async function saveBundle({ path, jobId, leftOut }: BundleOptions, context: CommandContext): Promise<void> {
  const { write } = context;
  const writable = await checkFileWritable(path);
  if (!writable.ok) throw new CommandProblem(exitCodes.unwritable, `--bundle ${writable.error.detail}`);
  const files = await collect(context, jobId);
  const isLeftOut = ({ name, kind }: BundleFile): boolean =>
    leftOut.some((part) => part === kind || part === name || name.startsWith(`${part}/`));
  const unknown = leftOut.find((part) => !files.some((file) => part === file.kind || isLeftOut(file)));
  if (unknown !== undefined)
    throw new CommandProblem(
      exitCodes.badRequest,
      `--without "${unknown}" is no part of this bundle; legal: ${[...new Set(files.map(({ kind }) => kind))].join(', ')}, or a name`,
    );
  for (const file of files)
    write(`${isLeftOut(file) ? 'left out' : 'holds   '} ${file.name.padEnd(56)} ${file.bytes} bytes\n`);
  const bytes = await writeBundle(
    path,
    files.filter((file) => !isLeftOut(file)),
  );
  write(`bundle   ${bytes} bytes\n${path}\n`);
}

async function collect({ home, root, signal }: CommandContext, jobId: string | null): Promise<readonly BundleFile[]> {
  const found = await new PackStore({ root, home }).list();
  const packs = found.flatMap(({ pack }) => (pack.ok ? [pack.value] : []));
  const packFaults = await Promise.all(
    found.map(async ({ pack }) => (pack.ok ? await verifyPack(pack.value) : pack.error)),
  );
  const facts = await deviceFacts({
    ...{ home, packs, newest: null },
    packFaults: packFaults.filter((fault) => fault !== null),
  });
  const { mayLogPrompts } = await readTelemetry(homePaths(home).telemetry);
  const about = {
    home,
    jobId,
    // The same checks in words that the doctor tells without a bundle.
    device: { ...facts, checks: await examine({ home, root, signal }) },
    secrets: secretsOf(home, []),
    mayShowTexts: mayLogPrompts,
  };
  if (!existsSync(homePaths(home).store)) return collectBundle({ ...about, events: [], report: () => null });
  using store = new RunStore(homePaths(home).store);
  const events = store.events();
  if (jobId !== null && !events.some((event) => event.jobId === jobId))
    throw new CommandProblem(
      exitCodes.badRequest,
      `--run "${jobId}" is no run that is known here; legal: the id of a run`,
    );
  return await collectBundle({ ...about, events, report: (id) => store.report(id) });
}
