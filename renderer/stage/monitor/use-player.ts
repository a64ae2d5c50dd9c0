import { useCallback, useEffect, useRef, useState, type RefObject } from 'react';

import { unreachable } from '../../../app/base/result.ts';
import { prefersStillness } from './motion.ts';
import { isKeyTaken, playerCommand, shuttleRate, wrapFrame, type PlayerCommand } from './shuttle.ts';

interface Timing {
  readonly fps: number;
  readonly frameCount: number;
}

export interface PlayerState {
  /** 0 while it stands; negative backwards. */
  readonly rate: number;
  readonly frame: number;
  readonly run: (command: PlayerCommand) => void;
  readonly show: (frame: number) => void;
}

/** Frame-exact playing: browsers play forwards at any pace, backwards not at all, so that is done frame by frame. */
export function usePlayer({
  fps,
  frameCount,
}: Timing): readonly [video: RefObject<HTMLVideoElement | null>, player: PlayerState] {
  const video = useRef<HTMLVideoElement>(null);
  const current = useRef(0);
  const [frame, setFrame] = useState(0);
  const [rate, setRate] = useState(() => (prefersStillness() ? 0 : 1));

  const move = useCallback(
    (to: number): void => {
      current.current = wrapFrame(to, frameCount);
      setFrame(current.current);
      // The middle of a frame: its very beginning may round to the one before.
      if (video.current) video.current.currentTime = (current.current + 0.5) / fps;
    },
    [fps, frameCount],
  );

  useEffect(() => {
    const element = video.current;
    if (!element) return;
    if (rate > 0) {
      element.playbackRate = rate;
      element.play().catch(() => setRate(0));
      return followFrames(element, (mediaTime) => {
        // A picture from before the jump may still be told of after it.
        if (element.seeking) return;
        current.current = Math.min(frameCount - 1, Math.round(mediaTime * fps));
        setFrame(current.current);
      });
    }
    element.pause();
    if (rate === 0) return;
    const timer = setInterval(() => move(current.current - 1), 1_000 / (fps * -rate));
    return () => clearInterval(timer);
  }, [rate, fps, frameCount, move]);

  const run = useCallback(
    (command: PlayerCommand): void => {
      const stopAt = (to: number): void => {
        setRate(0);
        move(to);
      };
      switch (command.kind) {
        case 'toggle':
          return setRate((now) => (now === 0 ? 1 : 0));
        case 'stop':
          return setRate(0);
        case 'forth':
          return setRate((now) => shuttleRate(now, 1));
        case 'back':
          return setRate((now) => shuttleRate(now, -1));
        case 'start':
          return stopAt(0);
        case 'end':
          return stopAt(frameCount - 1);
        case 'step':
          return stopAt(current.current + command.frames);
        case 'leap':
          return stopAt(Math.min(frameCount - 1, Math.max(0, current.current + Math.round(command.seconds * fps))));
        default:
          return unreachable(command);
      }
    },
    [move, fps, frameCount],
  );

  usePlayerKeys(run);
  const show = useCallback((to: number) => (setRate(0), move(to)), [move]);
  return [video, { rate, frame, run, show }];
}

/** Calls back for each frame that is shown. Returns the undo. */
function followFrames(element: HTMLVideoElement, onFrame: (mediaTime: number) => void): () => void {
  let handle = 0;
  const next = (): void => {
    handle = element.requestVideoFrameCallback((_now, { mediaTime }) => {
      onFrame(mediaTime);
      next();
    });
  };
  next();
  return () => element.cancelVideoFrameCallback(handle);
}

function usePlayerKeys(run: (command: PlayerCommand) => void): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.isComposing || isKeyTaken(event.target, event.code)) return;
      const command = playerCommand(event);
      if (!command) return;
      event.preventDefault();
      run(command);
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [run]);
}
