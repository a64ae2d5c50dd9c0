import { contextBridge, ipcRenderer, webUtils, type IpcRendererEvent } from 'electron';

import { channels, type StudioBridge } from '../app/contract/bridge.ts';
import type { FeedEvent } from '../app/contract/route.ts';

type Settle = (answer: unknown) => void;

/** Calls without an answer yet. Their names are this page's own: what a page before it asked is nothing to it. */
const waiting = new Map<string, Settle>();
const pageName = `${performance.timeOrigin}`;
let callCount = 0;

ipcRenderer.on(channels.answer, (_event, callId: string, answer: unknown) => {
  waiting.get(callId)?.(answer);
  waiting.delete(callId);
});

/** Asks by message: the answer to an `invoke` may overtake what was told before it. */
async function call(route: string, input: unknown): Promise<unknown> {
  callCount += 1;
  const callId = `${pageName}-${callCount}`;
  return new Promise((settle) => {
    ipcRenderer.send(channels.call, callId, route, input);
    waiting.set(callId, settle);
  });
}

/** All that the sandboxed page gets: three functions, and none of them hands out an Electron object. */
const bridge: StudioBridge = {
  call: call as StudioBridge['call'],
  // Only a file that the user gave to the page has a path: one that the page made up has none.
  inspect: async (file) =>
    ipcRenderer.invoke(channels.inspect, webUtils.getPathForFile(file as File)) as Promise<string | null>,
  onFeed: (listener) => {
    const hear = (_event: IpcRendererEvent, event: FeedEvent): void => listener(event);
    ipcRenderer.on(channels.feed, hear);
    return () => void ipcRenderer.removeListener(channels.feed, hear);
  },
};

contextBridge.exposeInMainWorld('studio', bridge);
