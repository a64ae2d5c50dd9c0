import { availableParallelism } from 'node:os';

import type { DeviceView } from '../../app/contract/device.ts';
import type { EngineBackends } from '../../app/contract/engine.ts';
import type { JobRequest } from '../../app/contract/job.ts';
import type { FaultReport } from '../../app/contract/report.ts';
import type { EngineStatus } from '../../app/contract/route.ts';
import { faultOf } from '../../app/monitor/fault.ts';
import { absentPack } from '../../app/plan/absent-pack.ts';
import { planOnPack } from '../../app/plan/render-plan.ts';
import type { SpawnEngine } from '../host/engine-child.ts';
import { EngineHost } from '../host/engine-host.ts';
import { openFlowMeter, type FlowMeter } from '../monitor/flow-meter.ts';
import type { ProviderName } from '../../app/plan/provider-order.ts';
import type { BreakerName } from '../../app/recovery/breaker.ts';
import { Breakers } from '../recovery/breakers.ts';
import { ProviderLadder } from '../recovery/provider-ladder.ts';
import { ExpertCare } from '../recovery/expert-care.ts';
import { MemoryFile } from '../recovery/memory-file.ts';
import { homePaths } from '../store/home.ts';
import { PackStore, verifyPack, type Pack, type PackFault } from '../pack/pack-store.ts';
import type { JobWatcher } from './job-watcher.ts';
import type { JobPorts, OtherPack } from './run-job.ts';

export interface EngineRoomOptions {
  readonly home: string;
  readonly root: string;
  readonly spawnEngine: SpawnEngine;
  readonly onStatus: (status: EngineStatus) => void;
  /** Told of all work, of how experts stand, and of damaged files. */
  readonly watcher: Pick<Required<JobWatcher>, 'work' | 'experts' | 'putAside'>;
  /** Wall clock; the system's own where it is left out. */
  readonly nowMs?: () => number;
  /** Devices to compute on, the first that can be had; none named: the processor. */
  readonly providers?: () => readonly ProviderName[];
}

export interface PackToBeginWith {
  readonly pack: Pack;
  /** As it was asked for; on a pack that takes the place of a lost one, in that pack's terms. */
  readonly request: JobRequest;
  readonly packFault: FaultReport | null;
  /** What may take its place; null where there is none, or the user wants this one and no other. */
  readonly otherPack: OtherPack | null;
}

export type EnginePorts = Pick<JobPorts, 'host' | 'flow' | 'experts' | 'providers' | 'onBroken' | 'onProved'>;

/** The packs that there are, and one engine for the pack that is at work. */
export class EngineRoom implements AsyncDisposable {
  readonly packs: readonly Pack[];
  readonly packFaults: readonly PackFault[];
  readonly experts: ExpertCare;
  readonly #options: EngineRoomOptions;
  readonly #verified = new Map<string, Promise<PackFault | null>>();
  /** How long that took: it tells how fast a pack can be read here. */
  readonly #readMs = new Map<string, number>();
  /** Packs whose engines could not be kept alive, devices that failed. */
  readonly #breakers: Breakers;
  readonly #providers: ProviderLadder;
  #backends: EngineBackends | null = null;
  #engine: { readonly packId: string; readonly host: EngineHost } | null = null;

  #flow: FlowMeter | null = null;

  private constructor(options: EngineRoomOptions, packs: readonly Pack[], packFaults: readonly PackFault[]) {
    this.#options = options;
    this.packs = packs;
    this.packFaults = packFaults;
    const memory = new MemoryFile(homePaths(options.home).recovery, options.watcher.putAside);
    const nowMs = options.nowMs ?? Date.now;
    this.#breakers = new Breakers(memory, nowMs);
    this.#providers = new ProviderLadder(this.#breakers, options.providers ?? (() => []));
    this.experts = new ExpertCare(memory, { nowMs, onChange: options.watcher.experts });
  }

  static async open(options: EngineRoomOptions): Promise<EngineRoom> {
    const found = await new PackStore(options).list();
    const packs = found.flatMap(({ pack }) => (pack.ok ? [pack.value] : []));
    const faults = found.flatMap(({ pack }) => (pack.ok ? [] : [pack.error]));
    const room = new EngineRoom(options, packs, faults);
    await room.experts.tellAll(packs.map((pack) => ({ pack, provider: 'cpu' })));
    return room;
  }

  /** Where clips can be computed, as far as it is known. */
  async devices(): Promise<readonly DeviceView[]> {
    return this.#providers.views(this.#backends);
  }

  get enginePid(): number | undefined {
    return this.#engine?.host.enginePid;
  }

  /** Hash a pack's files once per process; null when it is sound. */
  async verify(pack: Pack): Promise<PackFault | null> {
    const known = this.#verified.get(pack.sha256);
    if (known) return known;
    const startedMs = performance.now();
    const checking = verifyPack(pack).then((fault) => {
      this.#readMs.set(pack.sha256, performance.now() - startedMs);
      return fault;
    });
    this.#verified.set(pack.sha256, checking);
    return checking;
  }

  /**
   * The pack that a job begins with, and why it can't be used as it is, if so. Where it is gone and no other may take its place, what
   * stands there can only be answered with a stand-in.
   */
  async packFor(request: JobRequest, resumedId: string | null): Promise<PackToBeginWith> {
    const packId = resumedId ?? request.packId;
    const pack = this.packs.find(({ manifest }) => manifest.id === packId);
    const other = request.isPackChosen ? null : await this.#otherThan(packId);
    if (!pack) {
      const known = this.packFaults.find(({ id }) => id === packId);
      const packFault = faultOf('pack-corrupt', 'plan', { packId, detail: known?.detail ?? 'it is not here' });
      if (!other) return { pack: absent(packId, request), request, packFault, otherPack: null };
      return { pack: other, request: inTermsOf(other, request), packFault, otherPack: this.#asOther(other) };
    }
    const damage = await this.verify(pack);
    const isAvoided = other !== null && (await this.#breakers.isOpen(breakerOf(pack)));
    const packFault = damage
      ? faultOf('pack-corrupt', 'plan', { packId, detail: damage.detail })
      : isAvoided
        ? faultOf('engine-crashed', 'plan', { packId, restartsInWindow: null })
        : null;
    return { pack, request: inTermsOf(pack, request), packFault, otherPack: other && this.#asOther(other) };
  }

  #asOther(pack: Pack): OtherPack {
    return { id: pack.manifest.id, takeOver: async () => ({ pack, host: await this.#placed(pack) }) };
  }

  async #otherThan(packId: string): Promise<Pack | null> {
    for (const pack of this.packs)
      if (pack.manifest.id !== packId && !(await this.#breakers.isOpen(breakerOf(pack))) && !(await this.verify(pack)))
        return pack;
    return null;
  }

  /** Its engine could not be kept alive: for a while it is not begun with, if there is another. */
  async quarantine(pack: Pack): Promise<void> {
    await this.#breakers.trip(breakerOf(pack));
  }

  /** Start the engine for the preferred pack, so that the first job finds it warm. */
  async warmUp(): Promise<void> {
    const [pack] = this.packs;
    if (!pack || (await this.verify(pack))) return;
    const host = await this.#placed(pack);
    for (let fault = await host.ensureReady(); fault?.kind === 'provider-failed'; fault = await host.ensureReady()) {
      const next = await this.#providers.after(host.requestedProvider);
      if (next === null) return;
      await this.#providers.failed(host.requestedProvider);
      await host.use(next);
    }
  }

  /** The engine of this pack, on the first device that may be tried. */
  async #placed(pack: Pack): Promise<EngineHost> {
    const host = await this.hostFor(pack);
    await host.use(await this.#providers.first());
    return host;
  }

  /** The engine of this pack; another pack's engine is ended first. */
  async hostFor(pack: Pack): Promise<EngineHost> {
    const packId = pack.manifest.id;
    if (this.#engine?.packId === packId) return this.#engine.host;
    // Nothing is awaited where there is nothing to stop: a warm-up and a job at the same moment must share one engine.
    if (this.#engine) await this.#engine.host[Symbol.asyncDispose]();
    const readMs = this.#readMs.get(pack.sha256);
    const host = new EngineHost({
      spawn: this.#options.spawnEngine,
      pack: { folder: pack.folder, manifestText: pack.manifestText, ...(readMs === undefined ? {} : { readMs }) },
      threads: availableParallelism(),
      provider: this.#providers.wanted,
      onStatus: (status) => {
        if (status.phase === 'ready') this.#backends = status.backends ?? null;
        this.#options.onStatus(status);
      },
      onWork: this.#options.watcher.work,
    });
    this.#engine = { packId, host };
    return host;
  }

  /** The engine, and the flow meter beside it: one for all jobs, a new one where it has failed. */
  async portsFor(pack: Pack): Promise<EnginePorts> {
    return {
      host: await this.#placed(pack),
      flow: await this.#flowMeter(),
      experts: this.experts,
      providers: this.#providers,
      onBroken: async (broken) => this.quarantine(broken),
      onProved: async (at) => {
        await this.#breakers.heal(breakerOf(at.pack));
        await this.#providers.proved(at.host.requestedProvider);
      },
    };
  }

  async #flowMeter(): Promise<FlowMeter | null> {
    if (this.#flow && this.#flow.note === null) return this.#flow;
    await this.#flow?.[Symbol.asyncDispose]();
    this.#flow = await openFlowMeter(this.#options.root, this.#options.spawnEngine);
    return this.#flow;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#flow?.[Symbol.asyncDispose]();
    await this.#engine?.host[Symbol.asyncDispose]();
  }
}

const breakerOf = ({ sha256 }: Pack): BreakerName => ({ kind: 'pack', key: sha256 });

const absent = (packId: string, request: JobRequest): Pack => ({
  ...{ folder: '', manifestText: '', calibration: null, sha256: '', isEmbedded: false },
  manifest: absentPack(packId, { ...request, fps: request.delivery.fps }),
});

/** The request itself on its own pack; on another one its rung, steps and frames are that pack's. */
function inTermsOf({ manifest }: Pack, request: JobRequest): JobRequest {
  if (manifest.id === request.packId) return request;
  const { rung, steps, frameCount } = planOnPack(request, manifest);
  return { ...request, rung, steps, frameCount };
}
