import { contextBridge, ipcRenderer, webUtils, type IpcRendererEvent } from 'electron';

import { channels, type StudioBridge } from '../app/contract/bridge.ts';
import type { FeedEvent } from '../app/contract/route.ts';

/** All that the sandboxed page gets: three functions, and none of them hands out an Electron object. */
const bridge: StudioBridge = {
  call: (route, input) => ipcRenderer.invoke(channels.call, route, input),
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
