import { useCallback, useMemo } from 'react';

import type { RunHealth } from '../../../app/contract/health.ts';
import type { DeliveredClip } from '../../../app/contract/job.ts';
import { useCanvas, type Pen } from '../../base/canvas.ts';
import { useView } from '../../state/view.ts';
import { drawArrows, drawHeat, fastestOf, latentFrameAt, renderedRegion, tokensOfWord } from './draw-overlay.ts';

interface ClipOverlayProps {
  readonly clip: DeliveredClip;
  readonly health: RunHealth;
  readonly frame: number;
}

/** Over the player: where a word's attention lay in this frame, and how things moved into it. */
export function ClipOverlay({ clip, health, frame }: ClipOverlayProps) {
  const word = useView((view) => view.word);
  const hasArrows = useView((view) => view.hasArrows);
  const tokens = useMemo(() => tokensOfWord(health, word), [health, word]);
  const fastestPx = useMemo(() => fastestOf(health), [health]);
  const draw = useCallback(
    ({ context, width, height }: Pen): void => {
      const rendered = { widthPx: clip.renderedWidthPx, heightPx: clip.renderedHeightPx };
      const region = renderedRegion(rendered, clip, { width, height });
      if (health.map) {
        const latentFrame = latentFrameAt(health.map, frame, clip.frameCount);
        drawHeat(context, health.map, tokens, latentFrame, region);
      }
      const arrows = health.frames.find((one) => one.frame === frame)?.arrows;
      if (hasArrows && arrows) drawArrows(context, arrows, fastestPx, region);
    },
    [clip, health, frame, tokens, hasArrows, fastestPx],
  );
  const canvas = useCanvas(draw);
  if (tokens.length === 0 && !hasArrows) return null;
  return <canvas ref={canvas} className="overlay" aria-hidden="true" />;
}
