import { useEffect, useRef } from 'react';

import type { JobId } from '../../app/contract/job.ts';
import { clipUrl } from '../../app/contract/bridge.ts';

const WIDTH_PX = 144;
const HEIGHT_PX = 80;

/** A picture from the middle of a clip, drawn once it comes into view; the decoder is let go at once. */
export function Thumbnail({ jobId }: { readonly jobId: JobId }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    let stop: (() => void) | null = null;
    const observer = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      observer.disconnect();
      stop = drawMiddle(element, clipUrl(jobId));
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      stop?.();
    };
  }, [jobId]);
  return <canvas ref={canvas} className="cover" width={WIDTH_PX} height={HEIGHT_PX} aria-hidden="true" />;
}

/** Returns the undo. A clip that can't be read leaves the cover empty: the stage says why. */
function drawMiddle(canvas: HTMLCanvasElement, url: string): () => void {
  const video = document.createElement('video');
  const release = (): void => {
    video.removeAttribute('src');
    video.load();
  };
  video.muted = true;
  video.preload = 'auto';
  video.addEventListener('loadedmetadata', () => (video.currentTime = video.duration / 2), { once: true });
  video.addEventListener(
    'seeked',
    () => {
      const scale = Math.max(WIDTH_PX / video.videoWidth, HEIGHT_PX / video.videoHeight);
      const [width, height] = [video.videoWidth * scale, video.videoHeight * scale];
      canvas.getContext('2d')?.drawImage(video, (WIDTH_PX - width) / 2, (HEIGHT_PX - height) / 2, width, height);
      release();
    },
    { once: true },
  );
  video.src = url;
  return release;
}
