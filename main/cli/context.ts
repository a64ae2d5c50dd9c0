/** What a command gets from the process it runs in. */
export interface CommandContext {
  /** The program's own folder, which holds `models/` and `resources/`. */
  readonly root: string;
  readonly home: string;
  readonly write: (text: string) => void;
  readonly isTerminal: boolean;
  /** Aborted by Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
}
