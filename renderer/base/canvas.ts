import { useEffect, useRef, type RefObject } from 'react';

export interface Pen {
  readonly context: CanvasRenderingContext2D;
  /** In CSS pixels; the canvas itself has as many as the display. */
  readonly width: number;
  readonly height: number;
}

/**
 * A canvas that is as sharp as the display and is drawn anew when `draw` or its own size changes; hidden ones cost nothing.
 *
 * @param draw  memoise it: its identity says that there is something new to be seen
 */
export function useCanvas(draw: (pen: Pen) => void): RefObject<HTMLCanvasElement | null> {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const paint = (): void => {
      const { clientWidth: width, clientHeight: height } = element;
      const context = element.getContext('2d');
      if (!context || width === 0 || height === 0) return;
      const scale = window.devicePixelRatio;
      const [pixelWidth, pixelHeight] = [Math.round(width * scale), Math.round(height * scale)];
      if (element.width !== pixelWidth || element.height !== pixelHeight) {
        element.width = pixelWidth;
        element.height = pixelHeight;
      }
      context.setTransform(scale, 0, 0, scale, 0, 0);
      context.clearRect(0, 0, width, height);
      draw({ context, width, height });
    };
    // Told once at the beginning, so the first picture comes from here too.
    const observer = new ResizeObserver(paint);
    observer.observe(element);
    return () => observer.disconnect();
  }, [draw]);
  return canvas;
}

/** Colours of the window for canvases, which know no style sheet. */
export const ink = {
  text: '#ececee',
  soft: '#b0b4bc',
  faint: '#868b94',
  line: '#363a41',
  band: 'rgb(76 195 169 / 13%)',
  accent: '#4cc3a9',
  warning: '#f0b95b',
  bad: '#f2817f',
} as const;
