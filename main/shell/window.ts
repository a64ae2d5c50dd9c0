import { join } from 'node:path';

import { app, BrowserWindow, dialog, screen } from 'electron';

import { mayRestart } from '../../app/recovery/restart-budget.ts';
import { STUDIO_ORIGIN } from '../ipc/sender.ts';
import { MINIMUM_SIZE, openingBounds, type WindowState } from './window-bounds.ts';
import { readWindowState, writeWindowState } from './window-state-file.ts';

/** The colour of the page, so that nothing flashes before it is painted. */
const BACKGROUND = '#101214';
/** A page that can't paint must still be seen, so that the user can close it. */
const SHOW_LIMIT_MS = 10_000;

/** The one window: sandboxed, shown once it is painted, where it was last time. */
export function openWindow(preloadPath: string, stateFile: string): BrowserWindow {
  const remembered = readWindowState(stateFile);
  const workAreas = screen.getAllDisplays().map(({ workArea }) => workArea);
  const window = new BrowserWindow({
    ...openingBounds(remembered, workAreas),
    minWidth: MINIMUM_SIZE.width,
    minHeight: MINIMUM_SIZE.height,
    backgroundColor: BACKGROUND,
    title: 'Steadyframe',
    show: false,
    autoHideMenuBar: true,
    webPreferences: {
      preload: preloadPath,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      spellcheck: false,
      devTools: !app.isPackaged,
    },
  });
  showOncePainted(window, remembered?.isMaximized ?? false);
  rememberPlace(window, stateFile);
  reviveAfterCrash(window);
  // A failed load leaves an empty window; the reason is in the page's own file being gone.
  void window.loadURL(`${STUDIO_ORIGIN}/`).catch(() => undefined);
  return window;
}

/** Where the preload bundle lies, seen from the main bundle. */
export const preloadPath = join(import.meta.dirname, '..', 'preload', 'preload.cjs');

function showOncePainted(window: BrowserWindow, isMaximized: boolean): void {
  const show = (): void => {
    clearTimeout(timer);
    if (window.isDestroyed() || window.isVisible()) return;
    if (isMaximized) window.maximize();
    window.show();
  };
  const timer = setTimeout(show, SHOW_LIMIT_MS);
  window.once('ready-to-show', show);
  window.once('closed', () => clearTimeout(timer));
}

function rememberPlace(window: BrowserWindow, stateFile: string): void {
  window.on('close', () => {
    const state: WindowState = { version: 1, ...window.getNormalBounds(), isMaximized: window.isMaximized() };
    writeWindowState(stateFile, state);
  });
}

/** State lives in main, so a reload restores the view; a page that dies again and again asks the user first. */
function reviveAfterCrash(window: BrowserWindow): void {
  const crashesAtMs: number[] = [];
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return;
    if (mayRestart(crashesAtMs, Date.now())) {
      crashesAtMs.push(Date.now());
      // Not from inside the event: the dead process is still being taken down.
      setImmediate(() => window.isDestroyed() || window.reload());
      return;
    }
    void askAfterCrashes(window, () => {
      crashesAtMs.length = 0;
      window.reload();
    });
  });
}

async function askAfterCrashes(window: BrowserWindow, retry: () => void): Promise<void> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'error',
    message: 'The window crashed several times. Rendering goes on in the background.',
    buttons: ['Try again', 'Quit'],
    defaultId: 0,
    cancelId: 1,
  });
  if (response === 0 && !window.isDestroyed()) retry();
  else app.quit();
}

/** Somebody started the studio a second time: what they want is the window that is already there. */
export function focusOnSecondStart(window: BrowserWindow): void {
  app.on('second-instance', () => {
    if (window.isDestroyed()) return;
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  });
}
