import { ipcMain, type WebContents } from 'electron';

import { channels } from '../../app/contract/bridge.ts';
import type { FeedEvent } from '../../app/contract/route.ts';
import { answerCall, type Endpoints } from './router.ts';
import { isTrustedSender } from './sender.ts';

/** Open the door to the page: one channel, answered by the table. */
export function answerPage(endpoints: Endpoints, onBug: (cause: unknown) => void): void {
  ipcMain.handle(channels.call, (event, route: unknown, raw: unknown) => {
    const frame = event.senderFrame;
    const isTrusted =
      frame !== null && isTrustedSender({ isMainFrame: frame === event.sender.mainFrame, origin: frame.origin });
    return answerCall(endpoints, route, raw, { isTrusted, onBug });
  });
}

/** Tell the page what happens, as long as there is a page that can hear it. */
export function tellPage(contents: WebContents, event: FeedEvent): void {
  if (!contents.isDestroyed() && !contents.isCrashed()) contents.send(channels.feed, event);
}
