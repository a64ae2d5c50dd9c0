import { useEffect, useRef, useState } from 'react';

import type { JobId } from '../../../app/contract/job.ts';
import { useText } from '../../locale/use-text.ts';
import { previews, type Preview } from '../../state/preview-bus.ts';

/** Draws the newest preview, its frames in a loop; the browser scales the few pixels up. */
export function LivePreview({ jobId, fps }: { readonly jobId: JobId; readonly fps: number }) {
  const text = useText();
  const canvas = useRef<HTMLCanvasElement>(null);
  const latest = useRef<Preview | null>(null);
  const [step, setStep] = useState<{ readonly done: number; readonly count: number } | null>(null);
  useEffect(
    () =>
      previews.subscribe(jobId, (preview) => {
        latest.current = preview;
        setStep({ done: preview.step + 1, count: preview.stepCount });
      }),
    [jobId],
  );
  useEffect(() => {
    const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    // A latent frame stands for several frames of the clip, so the preview has fewer of them.
    const frameMs = (1_000 / fps) * FRAMES_PER_LATENT;
    let handle = requestAnimationFrame(function draw(nowMs) {
      const preview = latest.current;
      if (preview && canvas.current)
        drawFrame(canvas.current, preview, isCalm ? 0 : Math.floor(nowMs / frameMs) % preview.frameCount);
      handle = requestAnimationFrame(draw);
    });
    return () => cancelAnimationFrame(handle);
  }, [fps]);
  return (
    <figure className="screen" data-empty={step === null}>
      <canvas ref={canvas} role="img" aria-label={step ? text.previewOf(step.done, step.count) : text.firstStep} />
      <figcaption className="screen-note">
        {step ? `${text.previewOf(step.done, step.count)} · ${text.previewNote}` : text.firstStep}
      </figcaption>
    </figure>
  );
}

const FRAMES_PER_LATENT = 4;
const RGB_SIZE = 3;

function drawFrame(canvas: HTMLCanvasElement, { rgb, widthPx, heightPx }: Preview, frame: number): void {
  if (canvas.width !== widthPx || canvas.height !== heightPx) {
    canvas.width = widthPx;
    canvas.height = heightPx;
  }
  const image = new ImageData(widthPx, heightPx);
  const start = frame * widthPx * heightPx * RGB_SIZE;
  for (let pixel = 0; pixel < widthPx * heightPx; pixel += 1) {
    image.data.set(rgb.subarray(start + pixel * RGB_SIZE, start + (pixel + 1) * RGB_SIZE), pixel * 4);
    image.data[pixel * 4 + 3] = 255;
  }
  canvas.getContext('2d')?.putImageData(image, 0, 0);
}
