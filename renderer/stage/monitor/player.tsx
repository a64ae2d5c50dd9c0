import { useState } from 'react';

import type { DeliveredClip, JobId } from '../../../app/contract/job.ts';
import { clipUrl } from '../../../app/contract/bridge.ts';
import { formatPosition } from '../../base/format.ts';
import { Icon, IconButton } from '../../base/icon.tsx';
import { useText } from '../../locale/use-text.ts';
import { Screen } from './screen.tsx';
import { usePlayer, type PlayerState } from './use-player.ts';

interface PlayerProps {
  readonly jobId: JobId;
  readonly clip: DeliveredClip;
}

export function Player({ jobId, clip }: PlayerProps) {
  const text = useText();
  const [video, player] = usePlayer(clip);
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
          src={clipUrl(jobId)}
          aria-label={text.clip}
          loop
          muted
          playsInline
          preload="auto"
          onError={() => setMissing(true)}
          onClick={() => player.run({ kind: 'toggle' })}
        />
      </Screen>
      <Transport player={player} clip={clip} />
    </>
  );
}

function Transport({ player, clip }: { readonly player: PlayerState; readonly clip: DeliveredClip }) {
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
        <span className="figure faint">{words}</span>
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
