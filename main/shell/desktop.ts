import { extname, join } from 'node:path';

import { app, dialog, shell, type BrowserWindow } from 'electron';

import type { Desktop } from '../ipc/endpoints.ts';

/** Clips are kept with films, everything else with documents. */
const folders = { '.mp4': 'videos', '.zip': 'documents' } as const;

/** The system's dialogs and file manager, for the endpoints. */
export function desktopOf(window: BrowserWindow): Desktop {
  return {
    platform: process.platform,
    trash: async (path) => shell.trashItem(path),
    reveal: (path) => shell.showItemInFolder(path),
    async askPng() {
      const filters = [{ name: 'PNG', extensions: ['png'] }];
      const { canceled, filePaths } = await dialog.showOpenDialog(window, { filters, properties: ['openFile'] });
      return canceled ? null : (filePaths[0] ?? null);
    },
    async askSavePath(suggestedName) {
      const ending = extname(suggestedName) === '.zip' ? '.zip' : '.mp4';
      const filters = [{ name: ending.slice(1).toUpperCase(), extensions: [ending.slice(1)] }];
      let defaultPath = join(app.getPath(folders[ending]), suggestedName);
      for (;;) {
        const { canceled, filePath } = await dialog.showSaveDialog(window, { defaultPath, filters });
        if (canceled || filePath === '') return null;
        if (extname(filePath).toLowerCase() === ending) return filePath;
        // Asked again with the ending, so that the system warns of a file that is already there under that name.
        defaultPath = `${filePath}${ending}`;
      }
    },
  };
}
