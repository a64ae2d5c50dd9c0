import { randomBytes, randomUUID } from 'node:crypto';
import { access, constants } from 'node:fs/promises';

import { messageOf } from '../../app/base/message-of.ts';
import type { DeviceView } from '../../app/contract/device.ts';
import type { CauseName } from '../../app/contract/cure.ts';
import type { JobEvent, JobId, JobRequest } from '../../app/contract/job.ts';
import type { LedgerLine } from '../../app/contract/ledger.ts';
import type { RecoveryAnswer } from '../../app/contract/policy.ts';
import type { RunReport } from '../../app/contract/report.ts';
import { defaultLatencyLimits, defaultPolicy } from '../../app/contract/default.ts';
import { faultOf } from '../../app/monitor/fault.ts';
import type { RenderPlan } from '../../app/plan/render-plan.ts';
import { precheckPrompt } from '../../app/precheck/precheck.ts';
import { resumePoint } from '../../app/recovery/resume-point.ts';
import { makeFolder } from '../base/make-folder.ts';
import { MachineWatch } from '../device/machine-watch.ts';
import type { Pack, PackFault } from '../pack/pack-store.ts';
import { isDiskFull } from '../store/disk-error.ts';
import { vocabularyOf } from '../precheck/lexicon.ts';
import { refreshEncoder, TextHealths } from '../precheck/text-health.ts';
import { homePaths } from '../store/home.ts';
import { isOwnerAlive } from '../store/owner.ts';
import { RunStore, type StoredJob } from '../store/run-store.ts';
import { SnapshotStore } from '../store/snapshot-store.ts';
import { InjectionCount } from './injection-count.ts';
import { watchTogether, type JobWatcher } from './job-watcher.ts';
import { Material } from './material.ts';
import { EngineRoom } from './engine-room.ts';
import { foreseeMemory, LOOK_LIMIT_MS, pastReports } from './foresee.ts';
import { UserHand } from './hand.ts';
import { JobHistory, withRoom } from './job-history.ts';
import { clearWork, WorkRoom, workFolders } from './work-room.ts';
import { tidyFolders } from './tidy-folders.ts';
import { Past } from './past.ts';
import { Projects } from './projects.ts';
import { runJob, type JobEnd, type PackAtWork } from './run-job.ts';
import type { JobServiceOptions } from './service-options.ts';

interface Waiting {
  readonly job: StoredJob;
  readonly request: JobRequest;
  readonly end: PromiseWithResolvers<JobEnd>;
  readonly abort: AbortController;
  readonly hand: UserHand;
}

/** The queue: persistent, one job at a time, taken up again after a crash. Window and command line share it. */
export class JobService implements AsyncDisposable {
  readonly #options: JobServiceOptions;
  readonly #store: RunStore;
  readonly #engines: EngineRoom;
  readonly #watcher: Required<JobWatcher>;
  readonly #waiting: Waiting[] = [];
  /** Looks at the machine while a job runs. */
  readonly machine: MachineWatch;
  readonly projects: Projects;
  readonly past: Past;
  readonly #text: TextHealths;
  readonly #material: Material;
  #current: Waiting | null = null;
  /** Jobs whose files lie away from home: gone with this program. */
  readonly #away: JobId[] = [];
  #isClosed = false;
  #draining: Promise<void> = Promise.resolve();

  private constructor(options: JobServiceOptions, store: RunStore, engines: EngineRoom, watcher: Required<JobWatcher>) {
    this.#options = options;
    this.#text = new TextHealths(options.home);
    this.#store = store;
    this.past = new Past(store);
    this.projects = new Projects(store, options.onProjects ?? (() => undefined));
    this.#engines = engines;
    this.#watcher = watcher;
    this.#material = new Material(options.home, engines.packs);
    this.machine = new MachineWatch({
      home: options.home,
      enginePid: () => engines.enginePid,
      onSample: (sample) => watcher.sample(sample),
    });
  }

  /** @throws the file system's error if the home folder can't be written to */
  static async open(options: JobServiceOptions): Promise<JobService> {
    await makeFolder(options.home);
    await access(options.home, constants.W_OK);
    const store = new RunStore(homePaths(options.home).store);
    const watcher = watchTogether(options.watchers ?? [], () => undefined);
    const engines = await EngineRoom.open({
      ...options,
      onStatus: (status) => {
        options.onEngine(status);
        watcher.engine(status);
      },
      watcher,
    });
    watcher.opened(() => store.past(), store.salvage);
    return new JobService(options, store, engines, watcher);
  }

  get packs(): readonly Pack[] {
    return this.#engines.packs;
  }

  get packFaults(): readonly PackFault[] {
    return this.#engines.packFaults;
  }

  async devices(): Promise<readonly DeviceView[]> {
    return this.#engines.devices();
  }

  get openJobCount(): number {
    return this.#waiting.length + (this.#current ? 1 : 0);
  }

  /** The past of all jobs, oldest first. */
  events(): readonly JobEvent[] {
    return this.#store.events();
  }

  report(id: JobId): RunReport | null {
    return this.#store.report(id);
  }

  /** Null when the pack is sound. */
  async verify(pack: Pack): Promise<PackFault | null> {
    return this.#engines.verify(pack);
  }

  /** On disk before it returns: from here on the job is never lost. */
  enqueue(
    request: JobRequest,
    typedPrompt: string,
    outPath: (id: JobId) => string,
  ): { readonly id: JobId; readonly end: Promise<JobEnd> } {
    const id = randomUUID();
    const job = { id, outPath: outPath(id), typedPrompt, traceId: randomBytes(16).toString('hex') };
    const queued: JobEvent = { kind: 'queued', jobId: id, atMs: Date.now(), request };
    this.#store.beginJob(job, queued);
    this.#tell(queued);
    return { id, end: this.#wait({ ...job, owner: '', isOpen: true }, request) };
  }

  /** Jobs whose program died while they were open, not yet taken up by anyone. */
  interruptedJobs(): readonly StoredJob[] {
    return this.#store.jobs().filter(({ isOpen, owner }) => isOpen && !isOwnerAlive(owner));
  }

  /** Queue an interrupted job again; it goes on from its saved latents. Null if another process was faster. */
  takeUp(job: StoredJob): Promise<JobEnd> | null {
    const asked = this.past.askedFor(job.id);
    if (!asked || !this.#store.claimJob(job)) return null;
    this.#emit({ kind: 'interrupted', jobId: job.id });
    return this.#wait(job, asked.request);
  }

  cancel(id: JobId): void {
    if (this.#current?.job.id === id) this.#current.abort.abort();
    const index = this.#waiting.findIndex(({ job }) => job.id === id);
    const [waiting] = index >= 0 ? this.#waiting.splice(index, 1) : [];
    if (waiting) this.#finish(waiting, { kind: 'cancelled' });
  }

  /** The cause that is being asked about or cured right now. */
  causeUnderCure(id: JobId): CauseName | null {
    return this.#current?.job.id === id ? this.#current.hand.cause : null;
  }

  /** @param pendingId  the question that is answered; null to take back the cure that is under way */
  answer(id: JobId, pendingId: string | null, answer: RecoveryAnswer): boolean {
    if (this.#current?.job.id !== id) return false;
    const { hand } = this.#current;
    return pendingId === null ? hand.override(answer) : hand.answer(pendingId, answer);
  }

  /** The user is content with what was delivered. */
  acceptClip(id: JobId): void {
    if (this.#store.report(id)) this.#emit({ kind: 'accepted', jobId: id });
  }

  /** It runs, or waits for its turn. */
  readonly isUnderWay = (id: JobId): boolean =>
    this.#current?.job.id === id || this.#waiting.some(({ job }) => job.id === id);

  /** Go on with a job that ended although nothing of it is lost; false when it is no such job. */
  resume(id: JobId): boolean {
    const job = this.isUnderWay(id) ? null : this.#store.job(id);
    return job?.isOpen === true && this.takeUp(job) !== null;
  }

  /** Forget a finished job, its working files and snapshots; the delivered clip is not touched. */
  async remove(id: JobId): Promise<void> {
    if (this.#current?.job.id === id) return;
    this.cancel(id);
    this.#store.removeJob(id);
    this.#tell({ kind: 'removed', jobId: id });
    await clearWork([...workFolders(this.#options.home, id), homePaths(this.#options.home).snapshots(id)]);
  }

  /** Start the engine for the preferred pack, so that the first job finds it warm. */
  async warmUp(): Promise<void> {
    await this.#engines.warmUp();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#current?.abort.abort();
    await this.#draining;
    await this.#material[Symbol.asyncDispose]();
    await this.#engines[Symbol.asyncDispose]();
    await this.#text[Symbol.asyncDispose]();
    this.machine[Symbol.dispose]();
    this.#store[Symbol.dispose]();
    for (const id of this.#away) await clearWork(workFolders(this.#options.home, id).slice(1));
  }

  async #wait(job: StoredJob, request: JobRequest): Promise<JobEnd> {
    const end = Promise.withResolvers<JobEnd>();
    const { policyOfUser } = this.#options;
    const hand = new UserHand({
      jobId: job.id,
      policy: policyOfUser ?? (() => defaultPolicy),
      isPresent: policyOfUser !== undefined,
      emit: (event) => this.#emit(event),
    });
    this.#waiting.push({ job, request, end, abort: new AbortController(), hand });
    if (!this.#current) this.#draining = this.#drain();
    return end.promise;
  }

  async #drain(): Promise<void> {
    for (;;) {
      const next = this.#isClosed ? undefined : this.#waiting.shift();
      if (!next) return;
      this.#current = next;
      const end = await this.#runOne(next);
      this.#current = null;
      // Closing the program is no cancel: the job stays open and is taken up at the next start.
      if (this.#isClosed && end.kind === 'cancelled') next.end.resolve(end);
      else this.#finish(next, end);
    }
  }

  async #runOne({ job, request, abort, hand }: Waiting): Promise<JobEnd> {
    const resume = resumePoint(this.#store.ledger(job.id));
    const history = new JobHistory(this.#store, job.id);
    const ledger = (line: LedgerLine): void => {
      history.append(line);
      this.#watcher.ledger(job.id, line);
    };
    const injections = new InjectionCount(request.injections ?? [], resume.injected, ledger);
    const chosen = await this.#engines.packFor(request, resume.packId);
    const { pack, otherPack } = chosen;
    const isSpoiled = injections.take('pack-corrupt', 'plan', 0);
    const packFault = isSpoiled ? faultOf('pack-corrupt', 'plan', { isInjected: true }) : chosen.packFault;
    const work = new WorkRoom(workFolders(this.#options.home, job.id));
    const order = {
      id: job.id,
      traceId: job.traceId,
      typedPrompt: job.typedPrompt,
      precheck: precheckPrompt(injections.readPrompt(job.typedPrompt), vocabularyOf(this.#options.root)),
      request: chosen.request,
      outPath: job.outPath,
      work,
      resume,
      packFault,
    };
    using machine = this.machine.begin(job.outPath, injections.readMeter());
    const [engine, textHealth] = [await this.#engines.portsFor(pack), await this.#text.of(pack, request.projectId)];
    engine.host.memory.forget(engine.host.enginePid);
    const past = pastReports(this.#store);
    const ports = {
      machine,
      textHealth,
      latency: this.#options.latency?.() ?? defaultLatencyLimits,
      ...engine,
      pack,
      clips: this.#options.clips,
      cures: this.#material.cures,
      hand,
      otherPack,
      foresee: async (plan: RenderPlan, at: PackAtWork) => {
        const provider = at.host.requestedProvider;
        return foreseeMemory(plan, at.pack, { past, provider }, await machine.look(LOOK_LIMIT_MS));
      },
      injections,
      snapshots: new SnapshotStore(this.#options.home),
      ledger,
      emit: (event: JobEvent) => this.#emit(event),
      onStep: this.#options.onStep,
      onHealth: this.#options.onHealth,
    };
    const expertIds = pack.manifest.experts.filter(({ weight }) => weight > 0).map(({ id }) => id);
    this.#watcher.begun({ id: job.id, traceId: job.traceId, request, expertIds });
    try {
      const end = await runJob(order, ports, abort.signal);
      if (work.isAway) this.#away.push(job.id);
      await refreshEncoder(engine.host, textHealth);
      if (end.kind !== 'delivered') return end;
      const told = { ...end, report: history.conclude(end.report) };
      this.#watcher.report(told.report);
      this.#material.keep(chosen.request, told);
      return told;
    } catch (cause) {
      // A disk that takes nothing at all, or a bug: it ends this job, not the queue.
      const canResume = isDiskFull(cause);
      return { kind: 'failed', problem: canResume ? 'disk-full' : 'internal', detail: messageOf(cause), canResume };
    }
  }

  #finish({ job, end: waiting }: Waiting, end: JobEnd): void {
    try {
      // A job that can go on stays open: it is offered again as soon as its program is gone, and on demand before.
      if (end.kind !== 'failed' || !end.canResume) this.#store.closeJob(job.id);
      if (end.kind === 'cancelled') this.#emit({ kind: 'cancelled', jobId: job.id });
      if (end.kind === 'failed') this.#emit({ jobId: job.id, ...end });
    } catch {
      // No room for the end of the story: the job stays open on disk and is offered again; who waits is told below.
    }
    // What can't be cleared away now is cleared with a later job; the clip's delivery does not hang on it.
    const ended = (): readonly JobId[] => this.#store.jobs().flatMap(({ id, isOpen }) => (isOpen ? [] : [id]));
    const foldersOf = (id: JobId): readonly string[] => workFolders(this.#options.home, id);
    tidyFolders(job.id, end, ended, foldersOf).catch(() => undefined);
    this.#watcher.ended(job.id, end);
    waiting.resolve(end);
  }

  /** Progress is for now, not for the history; what finds no room is told all the same. */
  #emit(event: JobEvent): void {
    if (event.kind !== 'progressed') withRoom(() => this.#store.appendEvent(event));
    this.#tell(event);
  }

  #tell(event: JobEvent): void {
    this.#options.onEvent(event);
    this.#watcher.job(event);
  }
}
