import { randomInt } from 'node:crypto';
import { access } from 'node:fs/promises';
import { join } from 'node:path';

import { err, ok, type Result } from '../../app/base/result.ts';
import type { ExpertHealth, RunHealth } from '../../app/contract/health.ts';
import type { DeliveredClip, JobEvent, JobId, JobRequest } from '../../app/contract/job.ts';
import type { RecoveryAnswer, RecoveryPolicy } from '../../app/contract/policy.ts';
import type { PrecheckReport, RunReport } from '../../app/contract/report.ts';
import type {
  DraftRequest,
  EngineStatus,
  ExportOptions,
  FeedEvent,
  PackView,
  PageSettings,
  RequestProblem,
  Settings,
} from '../../app/contract/route.ts';
import { precheckPrompt } from '../../app/precheck/precheck.ts';
import { checkDraft } from '../../app/prompt/check-draft.ts';
import { cleanPrompt } from '../../app/prompt/clean.ts';
import { makeFolder } from '../base/make-folder.ts';
import { vocabularyOf } from '../precheck/lexicon.ts';
import { clipMaker } from '../export/clip-maker.ts';
import type { SpawnEngine } from '../host/engine-child.ts';
import { homePaths } from '../store/home.ts';
import { freshSettings, readSettings } from '../store/settings-file.ts';
import { build } from '../telemetry/build.ts';
import { Telemetry } from '../telemetry/telemetry.ts';
import { DeviceDesk } from './device-desk.ts';
import { Feed } from './feed.ts';
import { HealthBook } from './health-book.ts';
import { Inspections } from './inspections.ts';
import { JobService } from './job-service.ts';
import { faultyPackView, packView, type PackFault } from './pack-view.ts';
import type { Past } from './past.ts';
import type { Projects } from './projects.ts';
import { Removals } from './removal.ts';
import { SettingsKeeper } from './settings-keeper.ts';
import { StandInChoice } from './stand-in-choice.ts';
import { StageHistory } from './stage-history.ts';
import { StudioDesk } from './studio-desk.ts';
import { StudioExports } from './studio-exports.ts';

export interface RecoverySaying {
  readonly pendingId: string | null;
  readonly answer: RecoveryAnswer;
  /** From now on by itself. */
  readonly remember: boolean;
}

export interface StudioOptions {
  readonly home: string;
  /** The program's own folder, which holds `models/` and `resources/`. */
  readonly root: string;
  readonly version: string;
  readonly spawnEngine: SpawnEngine;
  /** Used until the user has chosen one. */
  readonly locale: Settings['locale'];
}

/** Everything the window can see and do, without a window. */
export interface Studio extends AsyncDisposable {
  readonly version: string;
  /** Take up interrupted jobs, check the packs and warm up the engine; once, after the window shows. */
  begin(): Promise<void>;
  readonly past: Past;
  packs(): readonly PackView[];
  engineStatus(): EngineStatus;
  settings(): Settings;
  /** Resolves when it is on disk. */
  saveSettings(value: PageSettings): Promise<void>;
  savePolicy(policy: RecoveryPolicy): Promise<void>;
  readonly standIn: StandInChoice;
  readonly devices: DeviceDesk;
  readonly projects: Projects;
  checkPrompt(prompt: string): PrecheckReport;
  submit(draft: DraftRequest): Result<{ readonly jobId: JobId; readonly request: JobRequest }, RequestProblem>;
  cancel(id: JobId): void;
  readonly removals: Removals;
  /** Go on with a job that stopped for want of room or of an encoder. */
  resume(id: JobId): boolean;
  /** The same request once more, at full quality; null for an unknown job. */
  again(id: JobId): { readonly jobId: JobId; readonly request: JobRequest } | null;
  /** What the user says to a question, or without `pendingId` to a cure that is under way; false when it is too late. */
  answer(id: JobId, said: RecoverySaying): boolean;
  acceptClip(id: JobId): void;
  report(id: JobId): RunReport | null;
  /** How a run is or was doing; null where nothing was kept. */
  health(id: JobId): Promise<RunHealth | null>;
  experts(): readonly ExpertHealth[];
  /** Videos that were dropped onto the window. */
  readonly inspections: Inspections;
  /** Everything about measuring. */
  readonly desk: StudioDesk;
  /** Null until the clip is delivered, and when its file is gone. */
  clipPath(id: JobId): Promise<string | null>;
  /** Null for a job without a clip. */
  startExport(id: JobId, path: string, options: ExportOptions): string | null;
  cancelExport(exportId: string): void;
  exportPath(exportId: string): string | null;
  /** Returns the undo. */
  subscribe(listener: (event: FeedEvent) => void): () => void;
}

/** @throws the file system's error if the home folder can't be written to */
export async function openStudio(options: StudioOptions): Promise<Studio> {
  const paths = homePaths(options.home);
  const feed = new Feed();
  const health = new HealthBook(options.home, (event) => feed.send({ kind: 'health', event }));
  const stages = new StageHistory();
  await makeFolder(options.home);
  const read = await readSettings(paths.settings, freshSettings(options.locale, freshSeed()));
  const settings = new SettingsKeeper(paths.settings, read, (policy) => feed.send({ kind: 'recovery-policy', policy }));
  const telemetry = await Telemetry.open({ home: options.home, ...build });
  const service = await JobService.open({
    ...options,
    policyOfUser: () => settings.settings.recovery,
    providers: () => settings.settings.providers ?? [],
    clips: clipMaker(() => settings.settings.standIn),
    onEvent: (event) => {
      feed.job(event);
      stages.takeJob(event);
      health.takeJob(event);
    },
    onHealth: (event) => health.take(stages.judge(event)),
    onStep: ({ jobId, attempt, step, stepCount, preview }) =>
      feed.send({ kind: 'preview', jobId, attempt, step, stepCount, ...preview }),
    onEngine: (status) => feed.engine(status),
    onProjects: (projects) => feed.send({ kind: 'projects', projects }),
    latency: () => telemetry.settings.latency,
    watchers: [
      telemetry.watcher,
      {
        sample: (sample) => feed.send({ kind: 'resources', sample }),
        report: (report) => stages.learn(report),
        experts: (experts) => feed.experts(experts),
      },
    ],
  });
  await makeFolder(paths.clips);
  for (const report of service.past.reports(PAST_RUNS)) stages.learn(report);
  return new OpenStudio(options, { service, feed, health, settings, telemetry });
}

/** How far back is looked for what runs usually take: a long past must not hold up the start. */
const PAST_RUNS = 40;
const freshSeed = (): number => randomInt(2 ** 32);

interface StudioParts {
  readonly service: JobService;
  readonly feed: Feed;
  readonly health: HealthBook;
  readonly settings: SettingsKeeper;
  readonly telemetry: Telemetry;
}

class OpenStudio implements Studio {
  readonly version: string;
  readonly desk: StudioDesk;
  readonly removals: Removals;
  readonly inspections: Inspections;
  readonly #telemetry: Telemetry;
  readonly #home: string;
  readonly #root: string;
  readonly #service: JobService;
  readonly #feed: Feed;
  readonly #health: HealthBook;
  readonly #exports: StudioExports;
  /** A player asks for a clip in many small parts: the past is not read for each of them. */
  readonly #clips = new Map<JobId, DeliveredClip>();
  readonly #packFaults = new Map<string, PackFault>();
  readonly #settings: SettingsKeeper;
  readonly standIn: StandInChoice;
  readonly devices: DeviceDesk;
  readonly projects: Projects;
  readonly past: Past;

  constructor(
    { home, root, version, spawnEngine }: StudioOptions,
    { service, feed, health, settings, telemetry }: StudioParts,
  ) {
    this.version = version;
    this.#home = home;
    this.#root = root;
    this.#service = service;
    this.projects = service.projects;
    this.past = service.past;
    this.#feed = feed;
    this.#health = health;
    this.#telemetry = telemetry;
    this.desk = new StudioDesk(home, { service, telemetry, settings: () => settings.settings });
    this.removals = new Removals({ home, service, clipPath: async (id) => this.clipPath(id) });
    this.#settings = settings;
    this.standIn = new StandInChoice(settings, homePaths(home).logo);
    this.devices = new DeviceDesk(settings, service);
    this.#exports = new StudioExports(version, (event) => feed.send(event));
    this.inspections = new Inspections((event) => feed.send(event), { root, spawnEngine });
    feed.subscribe((event) => {
      if (event.kind === 'job') this.#remember(event.event);
    });
  }

  async begin(): Promise<void> {
    // Their ends come by the feed.
    for (const job of this.#service.interruptedJobs()) void this.#service.takeUp(job);
    for (const pack of this.#service.packs) {
      const fault = await this.#service.verify(pack);
      if (fault) this.#packFaults.set(pack.manifest.id, fault);
    }
    if (this.#packFaults.size > 0) this.#feed.send({ kind: 'packs', packs: this.packs() });
    await this.#service.warmUp();
  }

  packs(): readonly PackView[] {
    return [
      ...this.#service.packs.map(({ manifest }) => packView(manifest, this.#packFaults.get(manifest.id) ?? null)),
      ...this.#service.packFaults.map(faultyPackView),
    ];
  }

  engineStatus(): EngineStatus {
    return this.#feed.engineStatus;
  }

  settings(): Settings {
    return this.#settings.settings;
  }

  async saveSettings(value: PageSettings): Promise<void> {
    await this.#settings.savePage(value);
  }

  async savePolicy(policy: RecoveryPolicy): Promise<void> {
    await this.#settings.savePolicy(policy);
  }

  checkPrompt(prompt: string): PrecheckReport {
    return precheckPrompt(prompt, vocabularyOf(this.#root));
  }

  submit(draft: DraftRequest): Result<{ readonly jobId: JobId; readonly request: JobRequest }, RequestProblem> {
    const manifests = this.#service.packs.map(({ manifest }) => manifest);
    const { prompt, injections } = draft;
    const projects = this.projects.list();
    const around = { manifests, projects, freshSeed: freshSeed(), precheck: this.checkPrompt(prompt) };
    const request = checkDraft(draft, { ...around, ...(injections ? { injections } : {}) });
    if (!request.ok) return err(request.error);
    return ok(this.#enqueue(request.value, draft.prompt));
  }

  resume(id: JobId): boolean {
    return this.#service.resume(id);
  }

  again(id: JobId): { readonly jobId: JobId; readonly request: JobRequest } | null {
    const asked = this.past.askedFor(id);
    return asked && this.#enqueue(asked.request, asked.typedPrompt);
  }

  answer(id: JobId, { pendingId, answer, remember }: RecoverySaying): boolean {
    const asked = this.past.askedFor(id);
    if (!asked) return false;
    const prompt = answer.kind === 'edit-prompt' ? cleanPrompt(answer.prompt) : null;
    if (prompt === '') return false;
    const cause = this.#service.causeUnderCure(id);
    if (!this.#service.answer(id, pendingId, answer)) return false;
    // Other words make another clip: a job of its own, so that neither story is mixed with the other.
    if (prompt !== null) this.#enqueue({ ...asked.request, prompt }, prompt);
    // That it can't be kept is told by the next start; the answer itself holds.
    if (remember && answer.kind === 'choose' && cause)
      this.#settings.remember(cause, answer.cure).catch(() => undefined);
    return true;
  }

  acceptClip(id: JobId): void {
    this.#service.acceptClip(id);
  }

  cancel(id: JobId): void {
    this.#service.cancel(id);
  }

  report(id: JobId): RunReport | null {
    return this.#service.report(id);
  }

  async health(id: JobId): Promise<RunHealth | null> {
    return this.#health.read(id);
  }

  experts(): readonly ExpertHealth[] {
    return this.#feed.expertHealth;
  }

  async clipPath(id: JobId): Promise<string | null> {
    const path = this.#clipOf(id)?.path;
    if (path === undefined) return null;
    return access(path).then(
      () => path,
      () => null,
    );
  }

  startExport(id: JobId, path: string, options: ExportOptions): string | null {
    const clip = this.#clipOf(id);
    if (!clip) return null;
    const source = { clip, frames: this.past.framesOf(id), report: this.#service.report(id) };
    return this.#exports.start(id, source, path, options);
  }

  cancelExport(exportId: string): void {
    this.#exports.cancel(exportId);
  }

  exportPath(exportId: string): string | null {
    return this.#exports.pathOf(exportId);
  }

  subscribe(listener: (event: FeedEvent) => void): () => void {
    return this.#feed.subscribe(listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#settings.settled();
    await this.inspections[Symbol.asyncDispose]();
    await this.#exports[Symbol.asyncDispose]();
    await this.#service[Symbol.asyncDispose]();
    await this.#health[Symbol.asyncDispose]();
    await this.#telemetry[Symbol.asyncDispose]();
  }

  #enqueue(request: JobRequest, typedPrompt: string): { readonly jobId: JobId; readonly request: JobRequest } {
    const outPath = (jobId: JobId): string => join(homePaths(this.#home).clips, `${jobId}.mp4`);
    const { id } = this.#service.enqueue(request, typedPrompt, outPath);
    return { jobId: id, request };
  }

  #clipOf(id: JobId): DeliveredClip | null {
    const clip = this.#clips.get(id) ?? this.past.clipOf(id);
    if (clip) this.#clips.set(id, clip);
    return clip;
  }

  #remember(event: JobEvent): void {
    if (event.kind === 'delivered') this.#clips.set(event.jobId, event.clip);
    if (event.kind === 'removed') this.#clips.delete(event.jobId);
  }
}
