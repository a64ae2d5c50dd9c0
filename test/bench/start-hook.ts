import { app, type BrowserWindow } from 'electron';

/**
 * Loaded into either app before its own code: says on standard output when its window can be used, and ends it. A
 * window counts once it is shown and, where there is a box to type into, once a key that was pressed stands in it.
 */
const LOOK_EVERY_MS = 5;
const box = process.env['STEADYFRAME_BENCH_BOX'] ?? '';
const KEY = 'q';

const isLoaded = `document.readyState === 'complete'`;
const find = `document.querySelector(${JSON.stringify(box)})`;
const takeFocus = `${find}?.focus(), ${find} !== null && document.activeElement === ${find}`;
const hasKey = `(${find}?.value ?? ${find}?.textContent ?? '').includes('${KEY}')`;

async function ask(window: BrowserWindow, script: string): Promise<boolean> {
  try {
    // Not the contents' own method of that name, which waits until nothing is loading any more.
    return (await window.webContents.mainFrame.executeJavaScript(script)) === true;
  } catch {
    return false;
  }
}

async function until(isDone: () => Promise<boolean>): Promise<void> {
  while (!(await isDone())) await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
}

async function whenUsable(window: BrowserWindow): Promise<void> {
  await until(async () => window.isVisible());
  if (box === '') return until(async () => ask(window, isLoaded));
  await until(async () => ask(window, takeFocus));
  window.webContents.focus();
  window.webContents.sendInputEvent({ type: 'char', keyCode: KEY });
  await until(async () => ask(window, hasKey));
}

app.once('browser-window-created', (_event, window) => {
  void whenUsable(window).then(() => {
    process.stdout.write('usable\n');
    app.quit();
  });
});
