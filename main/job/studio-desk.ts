import { randomUUID } from 'node:crypto';

import type { JobId } from '../../app/contract/job.ts';
import type { Settings } from '../../app/contract/route.ts';
import type {
  BundlePreview,
  BundleText,
  HistoryHit,
  HistoryQuery,
  TelemetrySettings,
  TelemetryState,
} from '../../app/contract/telemetry.ts';
import { collectBundle, pieceOf, type BundleFile } from '../telemetry/bundle.ts';
import { deviceFacts } from '../telemetry/device-facts.ts';
import { secretsOf } from '../telemetry/secrets.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { JobService } from './job-service.ts';

/** What the user was shown of a bundle. */
export interface ShownBundle {
  readonly bundleId: string;
  readonly jobId: JobId | null;
  readonly files: readonly BundleFile[];
}

/** What the window can ask of measuring: settings, samples, search, and the bundle for whoever helps. */
export class StudioDesk {
  readonly #home: string;
  readonly #service: JobService;
  readonly #telemetry: Telemetry;
  readonly #settings: () => Settings;
  #bundle: ShownBundle | null = null;

  constructor(
    home: string,
    parts: { readonly service: JobService; readonly telemetry: Telemetry; readonly settings: () => Settings },
  ) {
    this.#home = home;
    this.#service = parts.service;
    this.#telemetry = parts.telemetry;
    this.#settings = parts.settings;
    this.#service.machine.setLimits(parts.telemetry.settings.resources);
  }

  state(): TelemetryState {
    return this.#telemetry.state();
  }

  async save(settings: TelemetrySettings): Promise<TelemetryState> {
    const state = await this.#telemetry.save(settings);
    this.#service.machine.setLimits(settings.resources);
    return state;
  }

  /** Sample the machine although no job runs, for as long as the health panel is open. */
  watchResources(isWatched: boolean): void {
    this.#service.machine.setViewed(isWatched);
  }

  search(query: HistoryQuery): readonly HistoryHit[] {
    const { projectId } = query;
    return this.#telemetry.history.search(
      query,
      projectId === undefined ? null : this.#service.projects.jobsOf(projectId),
    );
  }

  /** Collect everything that a diagnostics bundle will hold. It stays as it is until the next one is collected. */
  async previewBundle(jobId: JobId | null): Promise<BundlePreview> {
    const { prompt, negative } = this.#settings().draft;
    const { packs, packFaults, machine } = this.#service;
    const files = await collectBundle({
      home: this.#home,
      jobId,
      events: this.#service.events(),
      report: (id) => this.#service.report(id),
      device: await deviceFacts({ home: this.#home, packs, packFaults, newest: machine.latest }),
      secrets: secretsOf(this.#home, [prompt, negative]),
      mayShowTexts: this.#telemetry.settings.mayLogPrompts,
    });
    const bundle = { jobId, bundleId: randomUUID(), files };
    this.#bundle = bundle;
    return { bundleId: bundle.bundleId, parts: files.map(({ name, kind, bytes }) => ({ name, kind, bytes })) };
  }

  /** @throws where that bundle is no longer the one that is shown */
  bundle(bundleId: string): ShownBundle {
    if (this.#bundle?.bundleId !== bundleId) throw new Error('this bundle is no longer shown; look at it again');
    return this.#bundle;
  }

  readBundle(bundleId: string, wanted: string, from: number): BundleText {
    const file = this.bundle(bundleId).files.find(({ name }) => name === wanted);
    if (!file) throw new Error(`there is no part "${wanted}"`);
    return pieceOf(file, from);
  }
}
