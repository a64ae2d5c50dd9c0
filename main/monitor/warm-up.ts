import { setImmediate } from 'node:timers/promises';

import { FrameMeter } from '../../app/monitor/frame.ts';

const SIZE = { widthPx: 112, heightPx: 64 };
const FRAMES = 12;
let isWarm = false;

/**
 * Code that has not run yet is several times as slow: the frame monitors look at a few frames of chance while the engine loads and this process waits, so that the first
 * clip's frames find them compiled. Once in the life of a process, frame by frame, so that nothing else waits for it.
 */
export async function warmUpMonitors(): Promise<void> {
  if (isWarm) return;
  isWarm = true;
  const { widthPx, heightPx } = SIZE;
  const meter = new FrameMeter(widthPx);
  for (let frame = 0; frame < FRAMES; frame += 1) {
    // Every third one leaps, as only then tears and jumps are searched for.
    const leapPx = frame % 3 === 0 ? frame * 9 : 0;
    const rgb = Uint8Array.from({ length: widthPx * heightPx * 3 }, (_, i) => {
      const [x, y] = [Math.floor(i / 3) % widthPx, Math.floor(i / 3 / widthPx)];
      return 128 + 60 * Math.sin((x + leapPx + frame) / 5) * Math.cos(y / 7) + ((i * 31 + frame * 17) % 13);
    });
    meter.measureRgb(rgb);
    await setImmediate();
  }
}
