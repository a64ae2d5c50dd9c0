import { ipcMain, type IpcMainEvent, type IpcMainInvokeEvent, type WebContents } from 'electron';

import { channels } from '../../app/contract/bridge.ts';
import type { FeedEvent } from '../../app/contract/route.ts';
import { answerCall, type Endpoints } from './router.ts';
import { isTrustedSender } from './sender.ts';

const isFromOwnPage = ({ senderFrame: frame, sender }: IpcMainEvent | IpcMainInvokeEvent): boolean =>
  frame !== null && isTrustedSender({ isMainFrame: frame === sender.mainFrame, origin: frame.origin });

/** Open the door to the page: one channel, answered by the table. */
export function answerPage(endpoints: Endpoints, onBug: (cause: unknown) => void): void {
  ipcMain.on(channels.call, (event, callId: unknown, route: unknown, raw: unknown) => {
    void answerCall(endpoints, route, raw, { isTrusted: isFromOwnPage(event), onBug }).then((answer) => {
      if (canHear(event.sender)) event.reply(channels.answer, callId, answer);
    });
  });
}

/** Take files that the user dropped onto the page; the preload script alone knows their paths. */
export function takeDroppedFiles(inspect: (path: string) => string): void {
  ipcMain.handle(channels.inspect, (event, path: unknown) =>
    isFromOwnPage(event) && typeof path === 'string' && path !== '' ? inspect(path) : null,
  );
}

/** Tell the page what happens, as long as there is a page that can hear it. */
export function tellPage(contents: WebContents, event: FeedEvent): void {
  if (canHear(contents)) contents.send(channels.feed, event);
}

const canHear = (contents: WebContents): boolean => !contents.isDestroyed() && !contents.isCrashed();
