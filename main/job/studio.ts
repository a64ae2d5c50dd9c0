import { randomInt } from 'node:crypto';
import { access } from 'node:fs/promises';
import { join } from 'node:path';

import { err, ok, type Result } from '../../app/base/result.ts';
import type { ExpertHealth, RunHealth } from '../../app/contract/health.ts';
import type { DeliveredClip, JobEvent, JobId, JobRequest } from '../../app/contract/job.ts';
import type { PrecheckReport, RunReport } from '../../app/contract/report.ts';
import type {
  DraftRequest,
  EngineStatus,
  ExportOptions,
  FeedEvent,
  PackView,
  RequestProblem,
  Settings,
} from '../../app/contract/route.ts';
import { precheckPrompt } from '../../app/precheck/precheck.ts';
import { checkDraft } from '../../app/prompt/check-draft.ts';
import { makeFolder } from '../base/make-folder.ts';
import { ffmpegClips } from '../export/clip-maker.ts';
import type { SpawnEngine } from '../host/engine-child.ts';
import { homePaths } from '../store/home.ts';
import { freshSettings, readSettings, writeSettings } from '../store/settings-file.ts';
import { HealthBook } from './health-book.ts';
import { JobService } from './job-service.ts';
import { faultyPackView, packView } from './pack-view.ts';
import { StudioExports } from './studio-exports.ts';

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
  events(): readonly JobEvent[];
  packs(): readonly PackView[];
  engineStatus(): EngineStatus;
  settings(): Settings;
  /** Resolves when it is on disk. */
  saveSettings(value: Settings): Promise<void>;
  checkPrompt(prompt: string): PrecheckReport;
  submit(draft: DraftRequest): Result<{ readonly jobId: JobId; readonly request: JobRequest }, RequestProblem>;
  cancel(id: JobId): void;
  remove(id: JobId): Promise<void>;
  report(id: JobId): RunReport | null;
  /** How a run is or was doing; null where nothing was kept. */
  health(id: JobId): Promise<RunHealth | null>;
  experts(): readonly ExpertHealth[];
  /** Sample the machine although no job runs, for as long as the health panel is open. */
  watchResources(isWatched: boolean): void;
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
  const service = await JobService.open({
    ...options,
    clips: ffmpegClips,
    onEvent: (event) => {
      feed.job(event);
      health.takeJob(event);
    },
    onHealth: (event) => health.take(event),
    onStep: ({ jobId, attempt, step, stepCount, preview }) =>
      feed.send({ kind: 'preview', jobId, attempt, step, stepCount, ...preview }),
    onEngine: (status) => feed.engine(status),
    watchers: [{ sample: (sample) => feed.send({ kind: 'resources', sample }) }],
  });
  await makeFolder(paths.clips);
  const settings = await readSettings(paths.settings, freshSettings(options.locale, freshSeed()));
  return new OpenStudio(options, service, feed, health, settings);
}

const SEED_LIMIT = 2 ** 32;
const freshSeed = (): number => randomInt(SEED_LIMIT);

/** What is told as it happens, and the latest of what can be asked later. */
class Feed {
  readonly #listeners = new Set<(event: FeedEvent) => void>();
  engineStatus: EngineStatus = { phase: 'stopped' };
  expertHealth: readonly ExpertHealth[] = [];

  send(event: FeedEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
  job(event: JobEvent): void {
    this.send({ kind: 'job', event });
  }
  engine(status: EngineStatus): void {
    this.engineStatus = status;
    this.send({ kind: 'engine', status });
  }
  experts(experts: readonly ExpertHealth[]): void {
    this.expertHealth = experts;
    this.send({ kind: 'experts', experts });
  }
  subscribe(listener: (event: FeedEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}

class OpenStudio implements Studio {
  readonly version: string;
  readonly #home: string;
  readonly #service: JobService;
  readonly #feed: Feed;
  readonly #health: HealthBook;
  readonly #exports: StudioExports;
  /** A player asks for a clip in many small parts: the past is not read for each of them. */
  readonly #clips = new Map<JobId, DeliveredClip>();
  readonly #packFaults = new Map<string, string>();
  #settings: Settings;
  #saving: Promise<void> = Promise.resolve();

  constructor(
    { home, version }: StudioOptions,
    service: JobService,
    feed: Feed,
    health: HealthBook,
    settings: Settings,
  ) {
    this.version = version;
    this.#home = home;
    this.#service = service;
    this.#feed = feed;
    this.#health = health;
    this.#settings = settings;
    this.#exports = new StudioExports(version, (event) => feed.send(event));
    for (const event of service.events()) this.#remember(event);
    feed.subscribe((event) => {
      if (event.kind === 'job') this.#remember(event.event);
    });
  }

  async begin(): Promise<void> {
    // Their ends come by the feed.
    for (const job of this.#service.interruptedJobs()) void this.#service.takeUp(job);
    for (const pack of this.#service.packs) {
      const fault = await this.#service.verify(pack);
      if (fault) this.#packFaults.set(pack.manifest.id, fault.detail);
    }
    if (this.#packFaults.size > 0) this.#feed.send({ kind: 'packs', packs: this.packs() });
    await this.#service.warmUp();
  }

  events(): readonly JobEvent[] {
    return this.#service.events();
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
    return this.#settings;
  }

  async saveSettings(value: Settings): Promise<void> {
    this.#settings = value;
    const write = (): Promise<void> => writeSettings(homePaths(this.#home).settings, value);
    // One after the other, so that the last one said is the one that stays.
    const saving = this.#saving.then(write);
    this.#saving = saving.catch(() => undefined);
    await saving;
  }

  checkPrompt(prompt: string): PrecheckReport {
    return precheckPrompt(prompt);
  }

  submit(draft: DraftRequest): Result<{ readonly jobId: JobId; readonly request: JobRequest }, RequestProblem> {
    const manifests = this.#service.packs.map(({ manifest }) => manifest);
    const request = checkDraft(draft, { manifests, freshSeed: freshSeed() });
    if (!request.ok) return err(request.error);
    const { clips } = homePaths(this.#home);
    const { id } = this.#service.enqueue(request.value, draft.prompt, (jobId) => join(clips, `${jobId}.mp4`));
    return ok({ jobId: id, request: request.value });
  }

  cancel(id: JobId): void {
    this.#service.cancel(id);
  }

  async remove(id: JobId): Promise<void> {
    await this.#service.remove(id);
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

  watchResources(isWatched: boolean): void {
    this.#service.machine.setViewed(isWatched);
  }

  async clipPath(id: JobId): Promise<string | null> {
    const path = this.#clips.get(id)?.path;
    if (path === undefined) return null;
    return access(path).then(
      () => path,
      () => null,
    );
  }

  startExport(id: JobId, path: string, options: ExportOptions): string | null {
    const clip = this.#clips.get(id);
    if (!clip) return null;
    const source = { clip, frames: this.#service.framesOf(id), report: this.#service.report(id) };
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
    await this.#saving;
    await this.#exports[Symbol.asyncDispose]();
    await this.#service[Symbol.asyncDispose]();
    await this.#health[Symbol.asyncDispose]();
  }

  #remember(event: JobEvent): void {
    if (event.kind === 'delivered') this.#clips.set(event.jobId, event.clip);
    if (event.kind === 'removed') this.#clips.delete(event.jobId);
  }
}
