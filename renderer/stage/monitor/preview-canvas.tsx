import { useEffect, useRef } from 'react';

import { useText } from '../../locale/use-text.ts';
import { healthBus } from '../../state/health-bus.ts';
import type { Preview } from '../../state/preview-bus.ts';
import { useView } from '../../state/view.ts';
import { drawHeat, tokensOfWord } from './draw-overlay.ts';
import { latentFrameOf } from './heat-map.ts';
import { prefersStillness } from './motion.ts';
import { previewFrame } from './preview-frame.ts';

/** Wide enough that the smoothing shows, small enough that a frame costs nothing. */
const CANVAS_WIDTH_PX = 960;

/** The clip in the making, played round and round; a new step takes over where the one before was. */
export function PreviewCanvas({ preview, fps }: { readonly preview: Preview; readonly fps: number }) {
  const text = useText();
  const canvas = useRef<HTMLCanvasElement>(null);
  const frame = useRef(0);
  const word = useView((view) => view.word);
  const { widthPx, heightPx, frameCount, step, stepCount } = preview;

  useEffect(() => {
    const target = canvas.current?.getContext('2d');
    const small = new OffscreenCanvas(preview.widthPx, preview.heightPx);
    const source = small.getContext('2d');
    if (!target || !source) return;
    const draw = (): void => {
      source.putImageData(new ImageData(previewFrame(preview, frame.current), preview.widthPx), 0, 0);
      target.imageSmoothingQuality = 'high';
      target.drawImage(small, 0, 0, target.canvas.width, target.canvas.height);
      const health = word === null ? null : healthBus.latest(preview.jobId);
      if (!health?.map) return;
      const region = { x: 0, y: 0, width: target.canvas.width, height: target.canvas.height };
      const latentFrame = latentFrameOf(frame.current, preview.frameCount, health.map.frameCount);
      drawHeat(target, health.map, tokensOfWord(health, word), latentFrame, region);
    };
    frame.current %= preview.frameCount;
    draw();
    if (prefersStillness() || preview.frameCount < 2) return;
    // The preview may hold fewer frames than the clip; the clip's pace would race through them.
    const timer = setInterval(() => {
      frame.current = (frame.current + 1) % preview.frameCount;
      draw();
    }, 1_000 / fps);
    return () => clearInterval(timer);
  }, [preview, fps, word]);

  return (
    <canvas
      ref={canvas}
      width={CANVAS_WIDTH_PX}
      height={Math.round((CANVAS_WIDTH_PX * heightPx) / widthPx)}
      role="img"
      aria-label={text.previewOf(step + 1, stepCount)}
      data-frames={frameCount}
    />
  );
}
