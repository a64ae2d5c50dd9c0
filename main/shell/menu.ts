import { app, Menu, type MenuItemConstructorOptions } from 'electron';

/** Only what the keyboard needs: without an edit menu, copy and paste don't work on every system. */
export function setMenu(): void {
  const roles = (...names: readonly NonNullable<MenuItemConstructorOptions['role']>[]): MenuItemConstructorOptions[] =>
    names.map((role) => ({ role }));
  const view = app.isPackaged ? roles('togglefullscreen') : roles('togglefullscreen', 'reload', 'toggleDevTools');
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      ...(process.platform === 'darwin' ? roles('appMenu') : [{ label: 'File', submenu: roles('quit') }]),
      { role: 'editMenu' },
      { label: 'View', submenu: view },
      { label: 'Window', submenu: roles('minimize', 'close') },
    ]),
  );
}
