import { useEffect, useRef, useState } from 'react';

import { clipUrl } from '../../app/contract/route.ts';
import type { JobState } from '../../app/plan/job-state.ts';
import { formatPosition, formatShort } from '../base/format.ts';
import { Icon, IconButton } from '../base/icon.tsx';
import { useText } from '../locale/use-text.ts';
import { revealClip, takeBrief } from '../state/intents.ts';
import { useStudio } from '../state/studio-store.ts';
import { listenForKeys } from './transport-keys.ts';

type DoneJob = Extract<JobState, { phase: 'done' }>;

/** A delivered clip, its grade and how it was made. */
export function Player({ job }: { readonly job: DoneJob }) {
  const text = useText();
  const [isMissing, setMissing] = useState(false);
  const { clip } = job;
  return (
    <section className="take">
      {isMissing ? (
        <div className="screen screen-missing" role="alert">
          <p>{text.clipMissing}</p>
        </div>
      ) : (
        <Screen job={job} onMissing={() => setMissing(true)} />
      )}
      <p className="take-prompt">{job.request.prompt}</p>
      <div className="clip-facts">
        <span className="grade" data-grade={clip.grade} title={text.grade[clip.grade].meaning}>
          {text.grade[clip.grade].name}
        </span>
        {clip.grade !== 'full' && <span className="grade-meaning">{text.grade[clip.grade].meaning}</span>}
        <ClipFacts job={job} />
        <span className="spring" />
        <button type="button" className="quiet-button" onClick={() => takeBrief(job)}>
          <Icon name="again" />
          {text.again}
        </button>
        <button type="button" className="quiet-button" disabled={isMissing} onClick={() => revealClip(job.id)}>
          <Icon name="folder" />
          {text.reveal}
        </button>
      </div>
    </section>
  );
}

function ClipFacts({ job: { clip, request } }: { readonly job: DoneJob }) {
  const text = useText();
  const locale = useStudio((state) => state.locale);
  const isRendered = clip.grade !== 'fallback' && clip.grade !== 'template';
  return (
    <dl className="facts numbers">
      {isRendered && (
        <div>
          <dt>{text.rendered}</dt>
          <dd>
            {clip.renderedWidthPx} × {clip.renderedHeightPx} → {clip.widthPx} × {clip.heightPx}
          </dd>
        </div>
      )}
      <div>
        <dt>{text.seed}</dt>
        <dd>{request.seed}</dd>
      </div>
      <div>
        <dt>{text.took}</dt>
        <dd>{formatShort(clip.wallMs, locale)}</dd>
      </div>
    </dl>
  );
}

function Screen({ job, onMissing }: { readonly job: DoneJob; readonly onMissing: () => void }) {
  const text = useText();
  const { clip } = job;
  const video = useRef<HTMLVideoElement>(null);
  const [frame, setFrame] = useState(0);
  const [isPlaying, setPlaying] = useState(false);
  const seek = (wanted: number): void => {
    if (!video.current) return;
    video.current.pause();
    const index = Math.min(clip.frameCount - 1, Math.max(0, wanted));
    // The middle of the frame: its edge may round to the one before.
    video.current.currentTime = (index + 0.5) / clip.fps;
    setFrame(index);
  };
  const toggle = (): void => {
    if (video.current?.paused) void video.current.play().catch(() => undefined);
    else video.current?.pause();
  };
  const controls = useRef({ seek, toggle, frame });
  useEffect(() => {
    controls.current = { seek, toggle, frame };
  });
  useEffect(
    () =>
      listenForKeys({
        toggle: () => controls.current.toggle(),
        pause: () => video.current?.pause(),
        play: () => void video.current?.play().catch(() => undefined),
        step: (count) => controls.current.seek(controls.current.frame + count),
        first: () => controls.current.seek(0),
        last: () => controls.current.seek(clip.frameCount - 1),
      }),
    [clip.frameCount],
  );
  useFrameClock(video, isPlaying, (seconds) =>
    setFrame(Math.min(clip.frameCount - 1, Math.floor(seconds * clip.fps + 0.01))),
  );
  return (
    <>
      <div className="screen">
        <video
          ref={video}
          src={clipUrl(job.id)}
          aria-label={job.request.prompt}
          loop
          muted
          autoPlay={!matchMedia('(prefers-reduced-motion: reduce)').matches}
          playsInline
          onPlay={() => setPlaying(true)}
          onPause={() => setPlaying(false)}
          onError={onMissing}
          onClick={toggle}
        />
      </div>
      <div className="transport">
        <IconButton icon="back" label={text.back} onPress={() => seek(frame - 1)} />
        <IconButton icon={isPlaying ? 'pause' : 'play'} label={isPlaying ? text.pause : text.play} onPress={toggle} />
        <IconButton icon="forward" label={text.forward} onPress={() => seek(frame + 1)} />
        <input
          type="range"
          min={0}
          max={clip.frameCount - 1}
          step={1}
          value={frame}
          aria-label={text.scrub}
          aria-valuetext={text.frameOf(frame + 1, clip.frameCount)}
          onChange={(event) => seek(event.currentTarget.valueAsNumber)}
        />
        <span className="numbers transport-time">
          {formatPosition(frame / clip.fps)} <span>/ {formatPosition(clip.frameCount / clip.fps)}</span>
        </span>
      </div>
    </>
  );
}

/** Follow the picture while it plays: the element's own events come only four times a second. */
function useFrameClock(
  video: React.RefObject<HTMLVideoElement | null>,
  isPlaying: boolean,
  onTime: (seconds: number) => void,
): void {
  const tell = useRef(onTime);
  useEffect(() => {
    tell.current = onTime;
  });
  useEffect(() => {
    if (!isPlaying) return;
    let handle = requestAnimationFrame(function look() {
      if (video.current) tell.current(video.current.currentTime);
      handle = requestAnimationFrame(look);
    });
    return () => cancelAnimationFrame(handle);
  }, [video, isPlaying]);
}
