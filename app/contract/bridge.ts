import type { Result } from '../base/result.ts';
import type { FeedEvent, Route, RouteInput, RouteOutput, WireError } from './route.ts';

/** What the preload script puts on the page as `window.studio`: the page's only way out. */
export interface StudioBridge {
  /** Ask. What the feed told before the answer was given, the page has heard before it. */
  call<R extends Route>(route: R, input: RouteInput<R>): Promise<Result<RouteOutput<R>, WireError>>;
  /** Inspect a file that was dropped onto the window; null for one that is on no disk. How it goes is told by the feed. */
  inspect(file: object): Promise<string | null>;
  /** Everything main tells unasked, in order. Returns the undo. */
  onFeed(listener: (event: FeedEvent) => void): () => void;
}

/**
 * The channels below the bridge: one to ask, one for the answers, one to be told, and one for files, whose paths the page itself never
 * names. Answers and feed are messages of the same kind, so that an answer is heard after all that was told before it.
 */
export const channels = {
  call: 'studio:call',
  answer: 'studio:answer',
  feed: 'studio:feed',
  inspect: 'studio:inspect',
} as const;

/** Where the page plays a delivered clip from: served by our own protocol, with ranges, never by file://. */
export const clipUrl = (id: string): string => `app://studio/clip/${id}.mp4`;
