import { join } from 'node:path';

import { app } from 'electron';

import packageFile from '../../package.json' with { type: 'json' };
import { spawnElectronEngine } from '../host/electron-child.ts';
import { studioEndpoints } from '../ipc/endpoints.ts';
import { answerPage, takeDroppedFiles, tellPage } from '../ipc/listen.ts';
import { openStudio } from '../job/studio.ts';
import { chromiumFolder } from './claim-home.ts';
import { desktopOf } from './desktop.ts';
import { lockDown } from './lockdown.ts';
import { setMenu } from './menu.ts';
import { serveScheme } from './protocol.ts';
import { closeOnQuit } from './quit.ts';
import { reportBug } from './start-fault.ts';
import { focusOnSecondStart, openWindow, preloadPath } from './window.ts';

/** The program's own folder: named by set-up in development, the resources of the installed program otherwise. */
const rootFolder = (): string =>
  process.env['STEADYFRAME_ROOT'] ?? (app.isPackaged ? process.resourcesPath : app.getAppPath());

/**
 * Open studio and window, the window first: the engine warms up behind it. Once the app is ready.
 *
 * @throws the file system's error if the home folder can't be used
 */
export async function runStudio(home: string): Promise<void> {
  const studio = await openStudio({
    home,
    root: rootFolder(),
    version: packageFile.version,
    spawnEngine: spawnElectronEngine,
    locale: app.getLocale().toLowerCase().startsWith('zh') ? 'zh' : 'en',
  });
  closeOnQuit(studio, reportBug);
  lockDown();
  setMenu();
  serveScheme({
    pageFolder: join(import.meta.dirname, '..', 'renderer'),
    clipPath: async (id) => studio.inspections.pathOf(id) ?? studio.clipPath(id),
  });
  const window = openWindow(preloadPath, join(chromiumFolder(home), 'window.json'));
  focusOnSecondStart(window);
  answerPage(studioEndpoints(studio, desktopOf(window)), reportBug);
  takeDroppedFiles((path) => studio.inspections.start(path));
  const unsubscribe = studio.subscribe((event) => tellPage(window.webContents, event));
  window.once('closed', unsubscribe);
  window.once('show', () => void studio.begin().catch(reportBug));
}
