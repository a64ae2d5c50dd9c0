import { app, session } from 'electron';

import { STUDIO_ORIGIN } from '../ipc/sender.ts';

/** The program works without a network: whatever the page would fetch from elsewhere is a mistake or an attack. */
const FOREIGN_URLS = ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*', 'ftp://*/*', 'file://*/*'];

/** Nothing from outside comes in and nothing is granted; once the app is ready, before the first window. */
export function lockDown(): void {
  const page = session.defaultSession;
  page.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  page.setPermissionCheckHandler(() => false);
  page.setDevicePermissionHandler(() => false);
  page.webRequest.onBeforeRequest({ urls: FOREIGN_URLS }, (_details, answer) => answer({ cancel: true }));
  page.on('will-download', (event) => event.preventDefault());
}

/** Every page, however it comes about, stays where it is; before the app is ready. */
export function confinePages(): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event) => {
      if (!isOwnPage(event.url)) event.preventDefault();
    });
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.on('will-frame-navigate', (event) => {
      if (!isOwnPage(event.url)) event.preventDefault();
    });
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
}

const isOwnPage = (url: string): boolean =>
  URL.canParse(url) && `${new URL(url).protocol}//${new URL(url).host}` === STUDIO_ORIGIN;
