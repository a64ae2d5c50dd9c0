import type { Result } from '../base/result.ts';
import type { FeedEvent, Route, RouteInput, RouteOutput, WireError } from './route.ts';

/** What the preload script puts on the page as `window.studio`: the page's only way out. */
export interface StudioBridge {
  call<R extends Route>(route: R, input: RouteInput<R>): Promise<Result<RouteOutput<R>, WireError>>;
  /** Inspect a file that was dropped onto the window; null for one that is on no disk. How it goes is told by the feed. */
  inspect(file: object): Promise<string | null>;
  /** Everything main tells unasked, in order. Returns the undo. */
  onFeed(listener: (event: FeedEvent) => void): () => void;
}

/** The channels below the bridge: one to ask, one to be told, and one for files, whose paths the page itself never names. */
export const channels = { call: 'studio:call', feed: 'studio:feed', inspect: 'studio:inspect' } as const;

/** Where the page plays a delivered clip from: served by our own protocol, with ranges, never by file://. */
export const clipUrl = (id: string): string => `app://studio/clip/${id}.mp4`;
