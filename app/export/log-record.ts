export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

export const isAtLeast = (level: LogLevel, threshold: LogLevel): boolean =>
  logLevels.indexOf(level) >= logLevels.indexOf(threshold);

/** One thing that happened, in our own words; the record below is in those of the Elastic Common Schema. */
export interface LogEntry {
  readonly level: LogLevel;
  /** `run.begin`, `stage.denoise`, `fault`: what an alert or a search names. */
  readonly action: string;
  readonly message: string;
  readonly trace?: { readonly traceId: string; readonly spanId: string; readonly parentId: string | null };
  /** How long it took; the entry is written at its end. */
  readonly tookMs?: number;
  /** When it began, in milliseconds since 1970. */
  readonly startedAtMs?: number;
  readonly outcome?: 'success' | 'failure' | 'unknown';
  readonly error?: { readonly type: string; readonly message: string; readonly stack?: string };
  /** Ours, below `steadyframe.`. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

export interface LogOrigin {
  readonly version: string;
  readonly processId: number;
}

export const ECS_VERSION = '8.11.0';
const NANOSECONDS_PER_MS = 1_000_000;

/** One line of the log: keys in dots, as ECS loggers write them and an ELK stack takes them. */
export function ecsRecord(entry: LogEntry, atMs: number, origin: LogOrigin): Readonly<Record<string, unknown>> {
  const { trace, tookMs, startedAtMs, outcome, error, fields = {} } = entry;
  return {
    '@timestamp': new Date(atMs).toISOString(),
    'log.level': entry.level,
    message: entry.message,
    'ecs.version': ECS_VERSION,
    'service.name': 'steadyframe',
    'service.version': origin.version,
    'process.pid': origin.processId,
    'event.action': entry.action,
    ...(startedAtMs === undefined ? {} : { 'event.start': new Date(startedAtMs).toISOString() }),
    ...(tookMs === undefined ? {} : { 'event.duration': Math.round(tookMs * NANOSECONDS_PER_MS) }),
    ...(outcome === undefined ? {} : { 'event.outcome': outcome }),
    ...(trace === undefined
      ? {}
      : {
          'trace.id': trace.traceId,
          'span.id': trace.spanId,
          ...(trace.parentId === null ? {} : { 'parent.id': trace.parentId }),
        }),
    ...(error === undefined
      ? {}
      : {
          'error.type': error.type,
          'error.message': error.message,
          ...(error.stack === undefined ? {} : { 'error.stack_trace': error.stack }),
        }),
    ...Object.fromEntries(Object.entries(fields).map(([name, value]) => [`steadyframe.${name}`, value])),
  };
}
