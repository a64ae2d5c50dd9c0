import { useCallback } from 'react';

import type { Limit } from '../../app/contract/health.ts';
import { ink, useCanvas, type Pen } from '../base/canvas.ts';
import { sparkRange } from './spark-range.ts';

export interface SparkPoint {
  /** 0..1 across. */
  readonly at: number;
  readonly value: number | null;
  readonly limit: Limit | null;
}

/** A curve the size of a word, with the healthy band behind it and bad points marked. */
export function Spark({ points }: { readonly points: readonly SparkPoint[] }) {
  const draw = useCallback((pen: Pen) => drawSpark(pen, points), [points]);
  const canvas = useCanvas(draw);
  return <canvas ref={canvas} className="spark" aria-hidden="true" />;
}

const INSET_PX = 2;

function drawSpark({ context, width, height }: Pen, points: readonly SparkPoint[]): void {
  const range = sparkRange(points);
  if (!range) return;
  const x = (at: number): number => INSET_PX + at * (width - 2 * INSET_PX);
  const y = (value: number): number => {
    const ratio = (value - range.low) / (range.high - range.low);
    return height - INSET_PX - Math.min(1, Math.max(0, ratio)) * (height - 2 * INSET_PX);
  };
  context.fillStyle = ink.band;
  points.forEach(({ at, limit }, index) => {
    if (!limit || (limit.low === null && limit.high === null)) return;
    const top = y(limit.high ?? range.high);
    const right = x(points[index + 1]?.at ?? at);
    const left = x(index === 0 ? 0 : at);
    context.fillRect(left, top, Math.max(1, right - left), y(limit.low ?? range.low) - top);
  });
  context.strokeStyle = ink.soft;
  context.lineWidth = 1.25;
  context.lineJoin = 'round';
  context.beginPath();
  let isOpen = false;
  for (const { at, value } of points) {
    if (value === null || !Number.isFinite(value)) {
      isOpen = false;
      continue;
    }
    if (isOpen) context.lineTo(x(at), y(value));
    else context.moveTo(x(at), y(value));
    isOpen = true;
  }
  context.stroke();
  points.forEach(({ at, value, limit }, index) => {
    if (value === null || !Number.isFinite(value)) return;
    const isBad =
      limit !== null && ((limit.low !== null && value < limit.low) || (limit.high !== null && value > limit.high));
    if (!isBad && index < points.length - 1) return;
    context.fillStyle = isBad ? ink.bad : ink.accent;
    context.beginPath();
    context.arc(x(at), y(value), 2, 0, 2 * Math.PI);
    context.fill();
  });
}
