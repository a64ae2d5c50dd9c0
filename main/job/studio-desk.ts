import type { JobId } from '../../app/contract/job.ts';
import type { Settings } from '../../app/contract/route.ts';
import type { HistoryHit, HistoryQuery, TelemetrySettings, TelemetryState } from '../../app/contract/telemetry.ts';
import { build } from '../telemetry/build.ts';
import { collectBundle, type BundleFile } from '../telemetry/bundle.ts';
import { deviceFacts } from '../telemetry/device-facts.ts';
import { secretsOf } from '../telemetry/secrets.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { JobService } from './job-service.ts';

/** What the window can ask of measuring: settings, samples, search, and the bundle for whoever helps. */
export class StudioDesk {
  readonly #home: string;
  readonly #service: JobService;
  readonly #telemetry: Telemetry;
  readonly #settings: () => Settings;

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

  /** Everything that a diagnostics bundle would hold. */
  async bundle(jobId: JobId | null): Promise<readonly BundleFile[]> {
    const { prompt, negative } = this.#settings().draft;
    return collectBundle({
      home: this.#home,
      jobId,
      events: this.#service.events(),
      report: (id) => this.#service.report(id),
      device: deviceFacts(build, this.#service.machine.latest),
      secrets: secretsOf(this.#home, [prompt, negative]),
      mayShowTexts: this.#telemetry.settings.mayLogPrompts,
    });
  }
}
