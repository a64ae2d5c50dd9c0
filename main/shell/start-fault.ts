import { app, dialog } from 'electron';

/** Nobody may be there to press the button: on a virtual display the program ends by itself. */
const DIALOG_LIMIT_MS = 20_000;

/** The studio can't start: say why, on standard error and in a dialog, and end with exit code 1. */
export async function endWithFault(message: string): Promise<void> {
  process.stderr.write(`${message}\n`);
  const closed = dialog.showMessageBox({
    type: 'error',
    title: 'Steadyframe',
    message: 'Steadyframe',
    detail: message,
  });
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, DIALOG_LIMIT_MS);
  await Promise.race([closed, late]).catch(() => undefined);
  clearTimeout(timer);
  app.exit(1);
}

/** A bug that ended one call, not the program: for whoever started the studio from a terminal. */
export function reportBug(cause: unknown): void {
  process.stderr.write(`internal error: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}\n`);
}
