import type { DeliveredClip } from '../../../app/contract/job.ts';

export interface ExportSize {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly isAsRendered: boolean;
}

const STANDARD = [
  { widthPx: 1280, heightPx: 720 },
  { widthPx: 1920, heightPx: 1080 },
] as const;

type Sizes = Pick<DeliveredClip, 'grade' | 'widthPx' | 'heightPx' | 'renderedWidthPx' | 'renderedHeightPx'>;

/** Sizes to choose from, the delivered one first; a video's sides are even. */
export function exportSizes(clip: Sizes): readonly ExportSize[] {
  const rendered = { widthPx: clip.renderedWidthPx, heightPx: clip.renderedHeightPx };
  const isRendered = clip.grade !== 'fallback' && clip.grade !== 'template';
  const sizes = [{ widthPx: clip.widthPx, heightPx: clip.heightPx }, ...STANDARD, rendered];
  return sizes
    .filter(({ widthPx, heightPx }) => widthPx % 2 === 0 && heightPx % 2 === 0)
    .filter((size, index, all) => all.findIndex((other) => isSame(size, other)) === index)
    .map((size) => ({ ...size, isAsRendered: isRendered && isSame(size, rendered) }));
}

const isSame = (a: { widthPx: number; heightPx: number }, b: { widthPx: number; heightPx: number }): boolean =>
  a.widthPx === b.widthPx && a.heightPx === b.heightPx;

const PACES = [24, 25, 30, 50, 60];

/** Frames a second to choose from; the clip's own pace first, as it needs no frame twice. */
export const exportPaces = (fps: number): readonly number[] => [fps, ...PACES.filter((pace) => pace !== fps)];
