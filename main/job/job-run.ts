import { messageOf } from '../../app/base/message-of.ts';
import type { LedgerLine } from '../../app/contract/ledger.ts';
import type { Diagnosis } from '../../app/contract/situation.ts';
import { needsCure } from '../../app/monitor/fault.ts';
import { planQuality } from '../../app/plan/ladder.ts';
import { initialPlan, nextSeed, planOnPack, reshape, type RenderPlan } from '../../app/plan/render-plan.ts';
import { beginSafely } from '../../app/precheck/safe-mode.ts';
import { cures } from '../../app/recovery/cures.ts';
import { diagnose } from '../../app/recovery/diagnose.ts';
import { chooseByOverride, chooseCure, type Choice, type Circumstances } from './choose-cure.ts';
import { deliver } from './deliver.ts';
import { deliverableOf, type Deliverable } from './deliverable.ts';
import { Episode } from './episode.ts';
import { countExperts, everybody, rosterFor } from './expert-roster.ts';
import { JobLimits } from './job-limits.ts';
import { loadLatents } from './latent-file.ts';
import { gatherMeans, reshapingFor } from './means.ts';
import { mendAttempt } from './mend-attempt.ts';
import { noAttempt, soundFrameOf, type SoundFrame } from './no-attempt.ts';
import { runAttempt, type AttemptOutcome, type Judged, type SavedLatents } from './run-attempt.ts';
import type { JobEnd, JobOrder, JobPorts, PackAtWork } from './run-job.ts';

type Cure = Extract<Choice, { kind: 'cure' }>;

/** One job on its way to a clip: what is planned, what is saved, what has happened. */
export class JobRun {
  readonly #order: JobOrder;
  readonly #ports: JobPorts;
  readonly #signal: AbortSignal;
  readonly #episode: Episode;
  readonly #limits: JobLimits;
  readonly #started = { at: new Date().toISOString(), ms: performance.now() };
  #atWork: PackAtWork;
  #plan: RenderPlan;
  #checkpoint: SavedLatents | null;
  #attempt: number;
  /** Not the pack that was asked for. */
  #isOtherPack: boolean;
  /** A frame that came out well, for when no clip does. */
  #sound: SoundFrame | null = null;
  #roster = everybody;
  /** What is being cured; null in the first attempt. */
  #underCure: Diagnosis | null = null;

  constructor(order: JobOrder, ports: JobPorts, signal: AbortSignal) {
    const { resume, request } = order;
    this.#order = order;
    this.#ports = ports;
    this.#signal = signal;
    this.#limits = new JobLimits(order, ports, this.#started.ms);
    const { emit } = ports;
    this.#episode = new Episode(
      resume,
      () => performance.now(),
      (decision) => emit({ kind: 'decision-settled', jobId: order.id, decision }),
    );
    this.#atWork = { pack: ports.pack, host: ports.host };
    this.#plan =
      resume.plan ?? beginSafely(initialPlan(request, ports.pack.manifest), order.precheck.safeMode, request.policy);
    this.#checkpoint = resume.checkpoint;
    this.#attempt = resume.nextAttempt;
    this.#isOtherPack = resume.packId !== null && resume.packId !== request.packId;
  }

  async run(): Promise<JobEnd> {
    try {
      await this.#order.work.open();
    } catch (cause) {
      const detail = messageOf(cause);
      return { kind: 'failed', problem: 'output-unwritable', detail, canResume: true };
    }
    if (!this.#order.resume.plan) await this.#admit();
    let last = noAttempt(this.#plan, this.#attempt, null);
    if (this.#order.resume.pendingDelivery) return this.#deliver(last, { kind: 'fallback' });
    let outcome = await this.#first();
    for (;;) {
      if (outcome.kind === 'cancelled') return outcome;
      if (outcome.kind === 'unwritable') {
        const { problem, detail } = outcome;
        if (!(await this.#order.work.moveOn({ kind: problem, detail })))
          return { ...outcome, kind: 'failed', canResume: true };
        outcome = await this.#render();
        continue;
      }
      if (outcome.kind === 'judged') last = outcome;
      if (outcome.kind === 'overridden') last = { ...last, checkpoint: outcome.checkpoint };
      const choice = await this.#choose(last, outcome);
      if (choice === null) return this.#deliver(last, deliverableOf(null, this.#plan, this.#sound));
      if (choice.kind === 'stop' || this.#signal.aborted) return { kind: 'cancelled' };
      const next = this.#note(choice, last);
      switch (cures[choice.cure].effect) {
        case 'attempt':
          await this.#prepare(choice, next);
          outcome = await this.#render();
          break;
        case 'mend':
          outcome = await this.#mend(last);
          break;
        case 'delivery':
          return this.#deliver(last, deliverableOf(choice.cure, this.#plan, this.#sound));
        default:
          throw new Error(`bug: nothing carries out ${choice.cure}`);
      }
    }
  }

  /** Nothing is begun on a pack that is known to be damaged, or on a machine that is known to be too small. */
  async #first(): Promise<AttemptOutcome> {
    const { packFault } = this.#order;
    return packFault ? this.#judge(noAttempt(this.#plan, this.#nextNumber(), packFault)) : this.#render();
  }

  async #render(): Promise<AttemptOutcome> {
    const { priced } = this.#episode;
    const intended = { plan: this.#plan, at: this.#atWork, checkpoint: this.#checkpoint, priced };
    const foreseen = await this.#limits.foresee(intended);
    if (foreseen) return this.#judge(noAttempt(this.#plan, this.#nextNumber(), foreseen));
    const { ledger, emit, onStep, onHealth, machine, latency, injections, flow, textHealth } = this.#ports;
    const { id: jobId, work } = this.#order;
    const attempt = this.#nextNumber();
    const plan = this.#plan;
    const resume = this.#checkpoint ? await loadLatents(this.#checkpoint.path) : null;
    this.#begin(attempt, resume ? 'checkpoint' : 'noise');
    const outcome = await runAttempt(
      {
        ...{ jobId, attempt, plan, resume, work, machine, latency, injections, ledger, onStep, onHealth },
        ...{ flow, textHealth },
        ...this.#atWork,
        checkpoint: resume ? this.#checkpoint : null,
        onMeaning: (pooled) => {
          if (plan.prompt === this.#order.request.prompt) this.#ports.cures.noteMeaning(this.#order.request, pooled);
        },
        onProgress: (progress) => emit({ kind: 'progressed', jobId, progress }),
        onUnderWay: () => this.#episode.recovered(),
        whileRunning: (stop) => this.#limits.watch(stop, this.#underCure),
      },
      this.#signal,
    );
    if (outcome.kind !== 'judged') return outcome;
    const judged = await this.#countExperts(outcome);
    if (!judged.report.faults.some(needsCure)) await this.#ports.onProved(this.#atWork);
    return this.#judge(judged);
  }

  /** A plan from the beginning leaves out whom earlier runs have masked. */
  async #admit(): Promise<void> {
    const { ledger, emit } = this.#ports;
    const { roster, decisions } = await rosterFor(this.#plan, this.#atWork, this.#order, this.#ports);
    this.#roster = roster;
    this.#plan = { ...this.#plan, ...roster };
    const next = { plan: this.#plan, startFrom: 'noise', packId: this.#atWork.pack.manifest.id } as const;
    for (const decision of decisions) {
      ledger({ kind: 'decided', decision, situation: null, proposedBranch: null, next });
      emit({ kind: 'decided', jobId: this.#order.id, decision });
      this.#episode.decided(decision);
    }
  }

  async #countExperts(outcome: Judged): Promise<Judged> {
    // A trial takes one attempt.
    const { shadowExperts: _, ...plan } = this.#plan;
    this.#plan = plan;
    return countExperts(outcome, this.#episode.attempts, this.#atWork, this.#order, this.#ports);
  }

  /** The bad frames of the last attempt, made up from those beside them. */
  async #mend(last: Judged): Promise<AttemptOutcome> {
    const attempt = this.#nextNumber();
    this.#begin(attempt, 'checkpoint');
    this.#episode.recovered();
    const outcome = await mendAttempt(
      last,
      { attempt, plan: this.#plan, pack: this.#atWork.pack, flow: this.#ports.flow, ...this.#order },
      this.#signal,
    );
    return outcome.kind === 'judged' ? this.#judge(outcome) : outcome;
  }

  #begin(attempt: number, startedFrom: 'noise' | 'checkpoint'): void {
    const { seed, rung, frameCount, steps } = this.#plan;
    const packId = this.#atWork.pack.manifest.id;
    this.#ports.ledger({ kind: 'attempt-begun', attempt, plan: this.#plan, startedFrom, packId });
    this.#ports.emit({ kind: 'attempt-started', jobId: this.#order.id, attempt, seed, rung, frameCount, steps });
  }

  /** An attempt is over and looked at: into the story, and told. */
  async #judge(outcome: Judged): Promise<Judged> {
    const { report } = outcome;
    if (report.faults.some(needsCure)) this.#episode.faultKnown();
    this.#episode.attempted(this.#plan, report);
    this.#ports.ledger({ kind: 'attempt-ended', report });
    if (outcome.snapshot) await this.#ports.snapshots.keep(outcome.snapshot);
    for (const fault of report.faults) this.#ports.emit({ kind: 'fault-found', jobId: this.#order.id, fault });
    this.#sound = soundFrameOf(outcome) ?? this.#sound;
    return outcome;
  }

  /** Null when the last attempt is sound. */
  async #choose(last: Judged, outcome: AttemptOutcome): Promise<Choice | null> {
    const { hand } = this.#ports;
    if (outcome.kind === 'overridden' && this.#underCure) {
      const around = await this.#circumstances(this.#underCure, last);
      return chooseByOverride(outcome.answer, this.#episode, around, hand);
    }
    const [diagnosis = null] = diagnose(this.#episode.attempts);
    this.#underCure = diagnosis;
    if (!diagnosis) return null;
    const around = await this.#circumstances(diagnosis, last);
    // Another device may still keep its engine alive, whatever this job may do yet.
    const isGivenUp = diagnosis.cause === 'engine-broken' && (await this.#nextProvider()) === null;
    if (isGivenUp) await this.#ports.onBroken(this.#atWork.pack);
    return chooseCure(this.#episode, around, hand, this.#signal);
  }

  async #circumstances(diagnosis: Diagnosis, last: Judged): Promise<Circumstances> {
    const { request } = this.#order;
    const { cures: material, otherPack } = this.#ports;
    const means = gatherMeans(
      {
        request,
        manifest: this.#atWork.pack.manifest,
        host: this.#atWork.host,
        otherPack: this.#isOtherPack ? null : (otherPack?.id ?? null),
        nextProvider: await this.#nextProvider(),
        hasTemplate: await material.hasTemplate(request),
        hasSoundFrame: this.#sound !== null,
      },
      this.#plan,
      last,
      this.#episode.priced,
    );
    return { diagnosis, means, mode: request.policy, secondsLeft: this.#limits.secondsLeft() };
  }

  async #nextProvider(): Promise<string | null> {
    return this.#ports.providers.after(this.#atWork.host.requestedProvider);
  }

  /** On disk before anything of it is done. @returns the plan of the attempt that it leads to */
  #note({ report, situation, proposedBranch, cure, isFullQuality }: Cure, last: Judged): RenderPlan {
    const { ledger, emit } = this.#ports;
    const { manifest } = this.#atWork.pack;
    const { request } = this.#order;
    const { effect, keepsLatents = false } = cures[cure];
    this.#checkpoint = keepsLatents ? last.checkpoint : null;
    const plan = isFullQuality
      ? { ...initialPlan(request, manifest), ...this.#roster, seed: nextSeed(this.#plan.seed) }
      : (reshape(this.#plan, cure, reshapingFor(manifest, this.#plan, last)) ?? this.#plan);
    const startFrom = this.#checkpoint ? ('checkpoint' as const) : ('noise' as const);
    // On another pack the plan is made once that pack is at work: cut off before, the same is decided again.
    const next: Extract<LedgerLine, { kind: 'decided' }>['next'] =
      effect === 'attempt' && cure !== 'other-pack' ? { plan, startFrom, packId: manifest.id } : null;
    ledger({ kind: 'decided', decision: report, situation, proposedBranch, next });
    emit({ kind: 'decided', jobId: this.#order.id, decision: report });
    this.#episode.decided(report);
    return plan;
  }

  async #prepare({ cure }: Cure, plan: RenderPlan): Promise<void> {
    this.#plan = plan;
    if (cure === 'restart-clean' || this.#isPoisoned) await this.#atWork.host.restart();
    if (cure === 'next-provider') await this.#stepDown();
    if (cure === 'other-pack' && this.#ports.otherPack) {
      this.#atWork = await this.#ports.otherPack.takeOver();
      this.#isOtherPack = true;
      this.#plan = planOnPack(this.#order.request, this.#atWork.pack.manifest);
      await this.#admit();
    }
  }

  async #deliver(last: Judged, deliverable: Deliverable): Promise<JobEnd> {
    const { request, resume } = this.#order;
    return deliver(
      this.#order,
      { ...this.#ports, ...this.#atWork },
      this.#episode,
      {
        deliverable,
        last,
        plan: this.#plan,
        started: this.#started,
        forecasts: this.#limits.forecasts,
        requested: this.#ports.pack,
        isAsAsked: !this.#isOtherPack && planQuality(this.#plan, request, this.#ports.pack.manifest) === 1,
        wasRepaired: this.#episode.decisions.length > 0 || resume.nextAttempt > 0,
      },
      this.#signal,
    );
  }

  /** On the next device; the one that failed is left alone for a while, and its experts' health is no matter here. */
  async #stepDown(): Promise<void> {
    const { providers } = this.#ports;
    const { host } = this.#atWork;
    const next = await providers.after(host.requestedProvider);
    await providers.failed(host.requestedProvider);
    if (next !== null) await host.use(next);
    await this.#admit();
  }

  /** A device that has refused may answer wrongly from then on; the processor does not. */
  get #isPoisoned(): boolean {
    const { host } = this.#atWork;
    const { cause = null, fault = null } = this.#underCure ?? {};
    return (
      host.requestedProvider !== 'cpu' &&
      (fault?.kind === 'provider-failed' || cause === 'memory-refused' || cause === 'memory-short')
    );
  }

  #nextNumber(): number {
    const number = this.#attempt;
    this.#attempt += 1;
    return number;
  }
}
