import type { TelemetrySettings, TelemetryState } from '../../app/contract/telemetry.ts';
import { ecsRecord, isAtLeast, type LogEntry } from '../../app/export/log-record.ts';
import { redactor } from '../../app/export/redact.ts';
import { watchTogether, type JobWatcher } from '../job/job-watcher.ts';
import { homePaths } from '../store/home.ts';
import { readTelemetry, writeTelemetry } from '../store/telemetry-file.ts';
import { History } from './history.ts';
import { LogSink } from './log-sink.ts';
import { createMetrics, type Metrics } from './metric-set.ts';
import { MetricsServer } from './metrics-server.ts';
import { secretsOf } from './secrets.ts';
import { runLog } from './run-log.ts';
import { runMetrics } from './run-metrics.ts';

export interface TelemetryOptions {
  readonly home: string;
  readonly version: string;
  readonly commit: string;
  /** Instead of the port in the settings; null: theirs, 0: any that is free. */
  readonly metricsPort?: number | null;
}

/** Texts of so many runs are known to the redactor: logs may quote one some time after its run. */
const KNOWN_TEXTS = 200;

/** Metrics, logs and spans of everything that jobs do. It listens; nobody has to call it where something happens. */
export class Telemetry implements AsyncDisposable {
  readonly metrics: Metrics;
  readonly watcher: JobWatcher;
  readonly history: History;
  readonly #options: TelemetryOptions;
  readonly #sink: LogSink;
  #settings: TelemetrySettings;
  #server: MetricsServer | null = null;
  #problem: string | null = null;
  #isEngineReady = false;
  #texts: readonly string[] = [];
  #redact: (value: unknown) => unknown = () => null;

  private constructor(options: TelemetryOptions, settings: TelemetrySettings, history: History) {
    this.history = history;
    this.#options = options;
    this.#settings = settings;
    this.metrics = createMetrics({ version: options.version, commit: options.commit });
    this.#sink = new LogSink({ folder: homePaths(options.home).logs });
    this.#learn([]);
    const own: JobWatcher = {
      begun: ({ request }) => this.#learn([request.prompt, request.negative]),
      job: (event) => {
        if (event.kind === 'queued') this.#learn([event.request.prompt, event.request.negative]);
      },
      engine: ({ phase }) => {
        this.#isEngineReady = phase === 'ready';
      },
    };
    // Its own first: what is logged of a run must not be told before its texts are known.
    this.watcher = watchTogether(
      [own, runMetrics(this.metrics), runLog((entry) => this.log(entry)), history.watcher],
      (cause) => this.logBug(cause),
    );
  }

  static async open(options: TelemetryOptions): Promise<Telemetry> {
    const bugs: unknown[] = [];
    let tell = (cause: unknown): void => void bugs.push(cause);
    const history = await History.open(options.home, (cause) => tell(cause));
    const telemetry = new Telemetry(options, await readTelemetry(homePaths(options.home).telemetry), history);
    tell = (cause) => telemetry.logBug(cause);
    bugs.forEach(tell);
    await telemetry.#listen();
    return telemetry;
  }

  state(): TelemetryState {
    return { settings: this.#settings, metricsUrl: this.#server?.url ?? null, problem: this.#problem };
  }

  get settings(): TelemetrySettings {
    return this.#settings;
  }

  /** @throws the file system's error if they can't be kept; then nothing changes */
  async save(settings: TelemetrySettings): Promise<TelemetryState> {
    await writeTelemetry(homePaths(this.#options.home).telemetry, settings);
    const wasOn = this.#settings.metricsPort;
    this.#settings = settings;
    this.#learn([]);
    if (wasOn !== settings.metricsPort) await this.#listen();
    return this.state();
  }

  log(entry: LogEntry): void {
    if (!isAtLeast(entry.level, this.#settings.logLevel)) return;
    const record = ecsRecord(entry, Date.now(), { version: this.#options.version, processId: process.pid });
    const redacted = this.#redact(record) as Readonly<Record<string, unknown>>;
    this.#sink.write(redacted);
    this.history.takeLog(redacted);
  }

  logBug(cause: unknown): void {
    const { name, message, stack } = cause instanceof Error ? cause : new Error(String(cause));
    this.log({
      level: 'error',
      action: 'bug',
      message: `bug: ${message}`,
      error: { type: name, message, ...(stack === undefined ? {} : { stack }) },
    });
  }

  /** Resolves when all that was logged so far is on disk or given up. */
  async flush(): Promise<void> {
    await this.#sink.flush();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server?.[Symbol.asyncDispose]();
    this.history[Symbol.dispose]();
    await this.#sink[Symbol.asyncDispose]();
  }

  async #listen(): Promise<void> {
    await this.#server?.[Symbol.asyncDispose]();
    this.#server = null;
    this.#problem = null;
    const port = this.#options.metricsPort ?? this.#settings.metricsPort;
    if (port === null) return;
    const opened = await MetricsServer.open(port, this.metrics, () => this.#isEngineReady);
    if (opened.ok) this.#server = opened.value;
    else this.#problem = opened.error;
  }

  #learn(texts: readonly string[]): void {
    const fresh = texts.filter((text) => text !== '' && !this.#texts.includes(text));
    this.#texts = [...this.#texts, ...fresh].slice(-KNOWN_TEXTS);
    this.#redact = redactor(secretsOf(this.#options.home, this.#texts), this.#settings.mayLogPrompts);
  }
}
