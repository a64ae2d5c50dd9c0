import { extname, join } from 'node:path';

import { app, dialog, shell, type BrowserWindow } from 'electron';

import type { Desktop } from '../ipc/endpoints.ts';

const FILTERS = [{ name: 'MP4', extensions: ['mp4'] }];

/** The system's dialogs and file manager, for the endpoints. */
export function desktopOf(window: BrowserWindow): Desktop {
  return {
    platform: process.platform,
    reveal: (path) => shell.showItemInFolder(path),
    async askSavePath(suggestedName) {
      let defaultPath = join(app.getPath('videos'), suggestedName);
      for (;;) {
        const { canceled, filePath } = await dialog.showSaveDialog(window, { defaultPath, filters: FILTERS });
        if (canceled || filePath === '') return null;
        if (extname(filePath).toLowerCase() === '.mp4') return filePath;
        // Asked again with the ending, so that the system warns of a file that is already there under that name.
        defaultPath = `${filePath}.mp4`;
      }
    },
  };
}
