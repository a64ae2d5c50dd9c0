import { useEffect, useMemo, useState } from 'react';

import type { DeliveredClip, JobId } from '../../../app/contract/job.ts';
import { clipUrl } from '../../../app/contract/bridge.ts';
import type { RunHealth } from '../../../app/contract/health.ts';
import type { FaultReport } from '../../../app/contract/report.ts';
import { faultsNow } from '../../../app/monitor/run-health.ts';
import { formatPosition } from '../../base/format.ts';
import { Icon, IconButton } from '../../base/icon.tsx';
import { useText } from '../../locale/use-text.ts';
import { useHealth } from '../../state/health-bus.ts';
import { useView } from '../../state/view.ts';
import { ClipOverlay } from './clip-overlay.tsx';
import { OverlayBar } from './overlay-bar.tsx';
import { Screen } from './screen.tsx';
import { Strips } from './strips.tsx';
import { usePlayer, type PlayerState } from './use-player.ts';

interface PlayerProps {
  readonly jobId: JobId;
  readonly clip: DeliveredClip;
}

export function Player({ jobId, clip }: PlayerProps) {
  const health = useHealth(jobId);
  const faults = useMemo(() => (health ? faultsNow(health) : []), [health]);
  return <PlayerView id={jobId} clip={clip} faults={faults} health={health} />;
}

interface PlayerViewProps {
  readonly clip: DeliveredClip;
  /** Of these very frames. */
  readonly faults: readonly FaultReport[];
  /** Of the job or of the inspection: under this name main serves the file. */
  readonly id: string;
  readonly health: RunHealth | null;
}

/** Picture, timeline, figures and keys, for whatever can be played. */
export function PlayerView({ id, clip, faults, health }: PlayerViewProps) {
  const text = useText();
  const [video, player] = usePlayer(clip);
  useSeek(id, player);
  const [isMissing, setMissing] = useState(false);
  if (isMissing)
    return (
      <div className="stage-message is-bad" role="alert">
        <Icon name="warning" />
        <h2>{text.clipMissingTitle}</h2>
        <p>{text.clipMissing}</p>
      </div>
    );
  return (
    <>
      <Screen
        widthPx={clip.widthPx}
        heightPx={clip.heightPx}
        isFallback={clip.grade !== 'full' && clip.grade !== 'repaired'}
      >
        <video
          ref={video}
          src={clipUrl(id)}
          aria-label={text.clip}
          loop
          muted
          playsInline
          preload="auto"
          onError={() => setMissing(true)}
          onClick={() => player.run({ kind: 'toggle' })}
        />
        {health && <ClipOverlay clip={clip} health={health} frame={player.frame} />}
      </Screen>
      <Transport player={player} clip={clip} health={health} faults={faults} />
    </>
  );
}

/** Others may ask for a frame: a line of the log, a fault in the story. */
function useSeek(id: string, { show }: PlayerState): void {
  const seek = useView((view) => view.seek);
  useEffect(() => {
    if (seek?.jobId === id) show(seek.frame);
  }, [seek, id, show]);
}

interface TransportProps {
  readonly player: PlayerState;
  readonly clip: DeliveredClip;
  readonly health: RunHealth | null;
  readonly faults: readonly FaultReport[];
}

function Transport({ player, clip, health, faults }: TransportProps) {
  const text = useText();
  const { rate, frame, run, show } = player;
  const words = text.frameOf(frame + 1, clip.frameCount);
  return (
    <div className="bar transport">
      <input
        type="range"
        className="scrub"
        aria-label={text.scrub}
        aria-valuetext={words}
        min={0}
        max={Math.max(0, clip.frameCount - 1)}
        step={1}
        value={frame}
        onChange={(event) => show(event.currentTarget.valueAsNumber)}
      />
      {health && health.frames.length > 0 && (
        <Strips health={health} faults={faults} frame={frame} frameCount={clip.frameCount} onShow={show} />
      )}
      <div className="bar-row">
        <IconButton icon="back" label={text.back} onPress={() => run({ kind: 'step', frames: -1 })} />
        <IconButton
          icon={rate === 0 ? 'play' : 'pause'}
          label={rate === 0 ? text.play : text.pause}
          onPress={() => run({ kind: 'toggle' })}
        />
        <IconButton icon="forward" label={text.forward} onPress={() => run({ kind: 'step', frames: 1 })} />
        <span className="figure timecode">
          {formatPosition(frame / clip.fps)} <span className="faint">/ {formatPosition(clip.durationSeconds)}</span>
        </span>
        {rate !== 0 && rate !== 1 && <span className="tag">{rate}×</span>}
        <span className="spring" />
        {health && <OverlayBar health={health} />}
        <span className="figure faint frame-words">{words}</span>
        <span className="keys" aria-hidden="true">
          <kbd>J</kbd>
          <kbd>K</kbd>
          <kbd>L</kbd>
          <kbd>←</kbd>
          <kbd>→</kbd>
        </span>
      </div>
    </div>
  );
}
