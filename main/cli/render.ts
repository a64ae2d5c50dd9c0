import { join, resolve } from 'node:path';

import { messageOf } from '../../app/base/message-of.ts';
import type { PackManifest } from '../../app/contract/pack.ts';
import { ABSENT_RUNG, absentPack } from '../../app/plan/absent-pack.ts';
import type { Result } from '../../app/base/result.ts';
import { DEFAULT_PROJECT_ID } from '../../app/contract/default.ts';
import type { RunReport } from '../../app/contract/report.ts';
import type { StudioProjectId } from '../../app/contract/studio-project.ts';
import { mergeReports } from '../../app/export/merge-reports.ts';
import { warnReport } from '../../app/export/warn-report.ts';
import { joinClips } from '../export/join-clips.ts';
import { checkFileWritable, checkFolderWritable, checkWritable, type OutputFault } from '../export/writable.ts';
import { openFrameFolder, writeFramesPng } from '../export/frames-png.ts';
import { ffmpegClips } from '../export/clip-maker.ts';
import { spawnNodeEngine } from '../host/node-child.ts';
import { historyFault } from '../job/job-history.ts';
import { JobService } from '../job/job-service.ts';
import type { JobEnd } from '../job/run-job.ts';
import { refusalBy } from '../job/work-room.ts';
import { build } from '../telemetry/build.ts';
import { Telemetry } from '../telemetry/telemetry.ts';
import { homePaths } from '../store/home.ts';
import { BorrowedHome, demandRoom, takesNothing } from './borrowed-home.ts';
import type { CommandContext } from './context.ts';
import { keepReport } from './keep-report.ts';
import { loadShots, type CheckedShot } from './load-shots.ts';
import { CommandProblem, describeProblem, exitCodes } from './problem.ts';
import { ProgressLine } from './progress-line.ts';
import { finishInterrupted } from './resume.ts';
import { parseRenderOptions, type RenderOptions } from './render-options.ts';

type Delivered = Extract<JobEnd, { kind: 'delivered' }>;

/** Prompt or project in, MP4 out. The last line on standard output is the path of the clip. */
export async function render(
  args: readonly string[],
  { root, home, write, isTerminal, signal }: CommandContext,
): Promise<void> {
  const options = parseRenderOptions(args);
  const line = new ProgressLine(write, isTerminal);
  await using telemetry = await openTelemetry(home, options.metricsPort, line);
  await using borrowed = new BorrowedHome();
  // Nothing can be finished that is not in the history of the home itself.
  const spare = options.isResume ? null : borrowed;
  await using service = await openService({ root, home, line, telemetry, providers: options.providers }, spare);
  // Awaited here: the service is closed as soon as this function is left.
  if (options.isResume) return await finishInterrupted(service, { line, report: options.report, signal });

  const { projectName, shots } = await loadShots(options, root, knownManifests(service, options));
  await namePackFaults(service, shots, line);
  const outPath = resolve(
    options.out ?? join('out', `${shots.length > 1 ? 'first-light' : 'clip'}-${timestamp()}.mp4`),
  );
  await refuseUnwritable(options, outPath);
  for (const { id } of service.interruptedJobs())
    line.say(`notice   an earlier job (${id.slice(0, 8)}) was cut off; finish it with: npm run render -- --resume`);

  const projectId = projectOf(service, options.namespace ?? (projectName?.trim() || null));
  const framesFolder = options.framesFolder === null ? null : resolve(options.framesFolder);
  if (framesFolder !== null) await openFrameFolder(framesFolder);
  let frameNumber = 0;
  const ends: Delivered[] = [];
  for (const [index, shot] of shots.entries()) {
    if (shots.length > 1) line.say(`shot     ${index + 1} of ${shots.length}: ${shot.name}`);
    const shotPath = (id: string): string =>
      shots.length > 1 ? join(homePaths(borrowed.folder ?? home).clips, `${id}.mp4`) : outPath;
    const job = service.enqueue({ ...shot.request, projectId }, shot.typedPrompt, shotPath);
    const cancel = (): void => service.cancel(job.id);
    signal.addEventListener('abort', cancel, { once: true });
    const end = await job.end;
    signal.removeEventListener('abort', cancel);
    if (end.kind === 'cancelled') throw new CommandProblem(exitCodes.unwritable, 'cancelled: no clip was written');
    if (end.kind === 'failed')
      throw new CommandProblem(exitCodes.unwritable, `no clip could be written: ${endWords(end)}`);
    ends.push(end);
    // At once: of a long project, the frames of the first shots make room for those of the last.
    if (framesFolder !== null) frameNumber = await writeFramesPng(end.frames, framesFolder, frameNumber, signal);
  }

  const made = await assemble(ends, outPath, signal);
  const report = borrowed.refusal === null ? made : warnReport(made, historyFault(borrowed.refusal));
  const problem = options.report === null ? null : await keepReport(resolve(options.report), report);
  const { grade, widthPx, heightPx, renderedWidthPx, renderedHeightPx } = report.delivered;
  line.say(
    `clip     ${grade}, rendered at ${renderedWidthPx}x${renderedHeightPx}, delivered at ${widthPx}x${heightPx}, ${(report.wallMs / 1_000).toFixed(1)} s`,
  );
  for (const note of report.delivered.notes ?? []) line.say(`notice   ${note}`);
  line.say(outPath);
  if (problem) throw problem;
}

async function openTelemetry(home: string, metricsPort: number | null, line: ProgressLine): Promise<Telemetry> {
  const telemetry = await Telemetry.open({ home, ...build, metricsPort });
  const { metricsUrl, problem } = telemetry.state();
  if (problem !== null && metricsPort !== null) {
    await telemetry[Symbol.asyncDispose]();
    throw new CommandProblem(
      exitCodes.badRequest,
      `--metrics "${metricsPort}" can't be used (${problem}); legal: a free port`,
    );
  }
  if (metricsUrl !== null) line.say(`metrics  ${metricsUrl}`);
  return telemetry;
}

interface ServiceOrder {
  readonly root: string;
  readonly home: string;
  readonly line: ProgressLine;
  readonly telemetry: Telemetry;
  readonly providers: RenderOptions['providers'];
}

async function openService(order: ServiceOrder, spare: BorrowedHome | null): Promise<JobService> {
  const { root, home, line, telemetry, providers } = order;
  try {
    if (spare) await demandRoom(home);
    const service = await JobService.open({
      home,
      root,
      spawnEngine: spawnNodeEngine,
      providers: () => providers,
      clips: ffmpegClips,
      onEvent: (event) => line.job(event),
      onStep: () => undefined,
      onHealth: () => undefined,
      onEngine: (status) => line.engine(status),
      latency: () => telemetry.settings.latency,
      watchers: [
        telemetry.watcher,
        {
          putAside: (path) => line.say(`notice   a damaged file was put aside as ${path}; the run lacks nothing by it`),
        },
      ],
    });
    service.machine.setLimits(telemetry.settings.resources);
    return service;
  } catch (cause) {
    const problem = `the folder for runs and settings can't be used (STEADYFRAME_HOME): ${messageOf(cause)}`;
    if (!spare || !takesNothing(cause)) throw new CommandProblem(exitCodes.unwritable, problem);
    line.say(`notice   ${problem}; this run is made without it, and nothing of it is remembered`);
    return openService({ ...order, home: await spare.borrow(refusalBy(cause)) }, null);
  }
}

/** Packs to check a request against. One that can't be read can't be asked, and what it would have said is not held against anybody. */
function knownManifests({ packs, packFaults }: JobService, options: RenderOptions): readonly PackManifest[] {
  const { pack: wanted, rung, frames, steps } = options;
  const known = packs.map(({ manifest }) => manifest);
  const [unreadable] = packFaults.filter(({ id }) => wanted === null || id === wanted);
  if (known.length > 0 && (wanted === null || !unreadable)) return known;
  const asked = { rung: rung ?? ABSENT_RUNG.rung, frameCount: frames ?? ABSENT_RUNG.frameCount };
  return [
    ...known,
    absentPack((unreadable ?? packFaults[0])?.id ?? 'none', {
      ...ABSENT_RUNG,
      ...asked,
      steps: steps ?? ABSENT_RUNG.steps,
    }),
  ];
}

/** @returns the studio's project of that name, made if it is not there; without a name the first one */
function projectOf({ projects }: JobService, name: string | null): StudioProjectId {
  const project = name === null ? null : projects.named(name);
  if (project?.ok === false) throw new CommandProblem(exitCodes.badRequest, describeProblem(project.error));
  return project?.value.id ?? DEFAULT_PROJECT_ID;
}

/** A damaged pack is named before a second is spent on it; what takes its place is the recovery's affair. */
async function namePackFaults(service: JobService, shots: readonly CheckedShot[], line: ProgressLine): Promise<void> {
  for (const packId of new Set(shots.map(({ request }) => request.packId))) {
    const pack = service.packs.find(({ manifest }) => manifest.id === packId);
    const fault = pack ? await service.verify(pack) : (service.packFaults.find(({ id }) => id === packId) ?? null);
    if (!pack && !fault) line.say('notice   there is no pack to render with; "npm run packs -- add" adds one');
    if (fault)
      line.say(
        `notice   pack ${packId} is damaged: ${fault.detail}; "npm run packs -- verify" tells which packs are sound`,
      );
  }
}

/** Every place that will be written to, before a second is spent: a report that can't be kept is no success. */
async function refuseUnwritable({ report, framesFolder }: RenderOptions, outPath: string): Promise<void> {
  const refuse = (option: string, checked: Result<null, OutputFault>): void => {
    if (checked.ok) return;
    const { kind, detail } = checked.error;
    throw new CommandProblem(
      kind === 'wrong-name' ? exitCodes.badRequest : exitCodes.unwritable,
      `--${option} ${detail}`,
    );
  };
  refuse('out', await checkWritable(outPath));
  if (report !== null) refuse('report', await checkFileWritable(resolve(report)));
  if (framesFolder !== null) refuse('frames-dir', await checkFolderWritable(resolve(framesFolder)));
}

async function assemble(ends: readonly Delivered[], outPath: string, signal: AbortSignal): Promise<RunReport> {
  const [first, ...rest] = ends.map(({ report }) => report);
  if (!first) throw new Error('bug: a render has at least one shot');
  if (rest.length === 0) return first;
  const joined = await joinClips(
    ends.map(({ report }) => report.delivered.path),
    outPath,
    signal,
  );
  if (!joined.ok)
    throw new CommandProblem(exitCodes.unwritable, `the shots could not be joined: ${joined.error.detail}`);
  const { path, sha256, frameCount } = joined.value;
  return mergeReports([first, ...rest], { path, sha256, frameCount });
}

/** Why there is no clip, and what there is instead. */
const endWords = ({ problem, detail, canResume }: Extract<JobEnd, { kind: 'failed' }>): string =>
  `${problem}: ${detail}${canResume ? '; once that is mended, "npm run render -- --resume" goes on where it stopped' : ''}`;

const timestamp = (): string => new Date().toISOString().slice(0, 19).replace(/[T:]/g, '-');
