import { app } from 'electron';

/** A native call that can't be interrupted must not keep the program from ending; the job is taken up next time. */
const CLOSE_LIMIT_MS = 8_000;

/** Close what is open before the program ends, however it is asked to end. */
export function closeOnQuit(open: AsyncDisposable, onBug: (cause: unknown) => void): void {
  let state: 'open' | 'closing' | 'closed' = 'open';
  app.on('window-all-closed', () => app.quit());
  app.on('will-quit', (event) => {
    if (state === 'closed') return;
    event.preventDefault();
    if (state === 'closing') return;
    state = 'closing';
    const { promise: late, resolve } = Promise.withResolvers<void>();
    setTimeout(resolve, CLOSE_LIMIT_MS);
    void Promise.race([open[Symbol.asyncDispose](), late])
      .catch(onBug)
      .finally(() => {
        state = 'closed';
        // Not from inside the event: with nothing to close this comes before Electron has taken note of the refusal,
        // and the second quit would be swallowed.
        setImmediate(() => app.quit());
      });
  });
}
