import { drawClip } from './drawn-clips.ts';
import type { Clip } from './clip.ts';

const figures = [
  (i: number) => [0.2 + i * 0.025, 0.6],
  (i: number) => [0.5, 0.75 - 0.5 * Math.abs(Math.sin(i / 4))],
  () => [0.5, 0.6],
  (i: number) => [0.8 - i * 0.02, 0.3 + 0.2 * Math.sin(i / 3)],
  (i: number) => [0.5, Math.min(0.8, 0.15 + 0.0025 * i * i)],
] as const;
const cameras = [
  () => [0, 0],
  (i: number) => [i * 2, 0],
  (i: number) => [3 * Math.sin(i * 1.3), 2 * Math.cos(i * 1.7)],
  (i: number) => [-i * 1.5, i * 0.5],
] as const;

/** Drawn clips: figures that roll, bounce, rest, float and fall, before cameras that rest, pan and shake, from day to night. */
export function drawnClips(set: 'tuning' | 'judging'): readonly Clip[] {
  const isJudging = set === 'judging';
  return figures.flatMap((figure, f) =>
    cameras.flatMap((camera, c) => {
      const number = f * cameras.length + c;
      if (number % 2 === (isJudging ? 0 : 1)) return [];
      const light = [0.8, 0.4, 0.15][number % 3] ?? 0.8;
      return drawClip({
        name: `drawn ${number}`,
        prompt: 'a ball',
        figure: (i) => [...figure(i)] as [number, number],
        camera: (i) => [...camera(i)] as [number, number],
        grainLevels: [0, 1, 1.5][(number + f) % 3] ?? 0,
        seed: number + (isJudging ? 100 : 0),
        light,
        figureLight: 0.8,
      });
    }),
  );
}
