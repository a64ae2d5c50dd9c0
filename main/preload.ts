import { contextBridge, ipcRenderer, type IpcRendererEvent } from 'electron';

import { channels, type StudioBridge } from '../app/contract/bridge.ts';
import type { FeedEvent } from '../app/contract/route.ts';

/** All that the sandboxed page gets: two functions, and none of them hands out an Electron object. */
const bridge: StudioBridge = {
  call: (route, input) => ipcRenderer.invoke(channels.call, route, input),
  onFeed: (listener) => {
    const hear = (_event: IpcRendererEvent, event: FeedEvent): void => listener(event);
    ipcRenderer.on(channels.feed, hear);
    return () => void ipcRenderer.removeListener(channels.feed, hear);
  },
};

contextBridge.exposeInMainWorld('studio', bridge);
