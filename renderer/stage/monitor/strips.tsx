import {
  useCallback,
  useMemo,
  useRef,
  useState,
  type CSSProperties,
  type KeyboardEvent,
  type PointerEvent,
} from 'react';

import type { FrameFigureName, RunHealth } from '../../../app/contract/health.ts';
import type { FaultReport } from '../../../app/contract/report.ts';
import { ink, useCanvas, type Pen } from '../../base/canvas.ts';
import { Tip } from '../../base/tip.tsx';
import { FigureTip } from '../../health/figure-tip.tsx';
import { figureWords, limitWords, standingOf } from '../../health/figure-words.ts';
import { useText } from '../../locale/use-text.ts';
import { frameAt, frameX, stripOf, type Strip } from './strip-layout.ts';

const SHOWN: readonly { readonly name: FrameFigureName; readonly unit: string }[] = [
  { name: 'psnrDb', unit: 'dB' },
  { name: 'ssim', unit: '' },
  { name: 'flowMagnitudePx', unit: 'px' },
];

interface StripsProps {
  readonly health: RunHealth;
  readonly faults: readonly FaultReport[];
  readonly frame: number;
  readonly frameCount: number;
  /** Absent while there is no clip to move in. */
  readonly onShow?: (frame: number) => void;
}

/** Figures of each frame under the timeline, in step with it. A click leads to the frame. */
export function Strips(props: StripsProps) {
  return (
    <div className="strips">
      {SHOWN.map(({ name, unit }) => (
        <FrameStrip key={name} name={name} unit={unit} {...props} />
      ))}
    </div>
  );
}

interface FrameStripProps extends StripsProps {
  readonly name: FrameFigureName;
  readonly unit: string;
}

function FrameStrip({ name, unit, health, faults, frame, frameCount, onShow }: FrameStripProps) {
  const text = useText();
  const box = useRef<HTMLDivElement>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  const [hasFocus, setFocus] = useState(false);
  const strip = useMemo(() => stripOf(health, name, faults, frameCount), [health, name, faults, frameCount]);
  const told = pointed ?? (hasFocus ? frame : null);
  const at = pointed ?? frame;
  const value = strip.values[at] ?? null;
  const { name: title, meaning } = text.frameFigure[name];
  const point = (event: PointerEvent): number => {
    const left = event.currentTarget.getBoundingClientRect().left;
    return frameAt(event.clientX - left, event.currentTarget.clientWidth, frameCount);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by === undefined || !onShow) return;
    event.preventDefault();
    event.stopPropagation();
    onShow(Math.min(frameCount - 1, Math.max(0, frame + by)));
  };
  return (
    <div
      ref={box}
      className="strip"
      role="slider"
      tabIndex={0}
      aria-label={title}
      aria-valuemin={0}
      aria-valuemax={Math.max(0, frameCount - 1)}
      aria-valuenow={frame}
      aria-valuetext={`${text.frameOf(frame + 1, frameCount)}: ${figureWords(strip.values[frame] ?? null, unit, text)}. ${text.figureHealthy}: ${limitWords(strip.limit, unit, text)}`}
      aria-disabled={onShow === undefined}
      onPointerMove={(event) => setPointed(point(event))}
      onPointerLeave={() => setPointed(null)}
      onPointerDown={(event) => onShow?.(point(event))}
      onFocus={(event) => setFocus(event.currentTarget.matches(':focus-visible'))}
      onBlur={() => setFocus(false)}
      onKeyDown={onKeyDown}
    >
      <StripCanvas strip={strip} />
      <span
        className="strip-cursor"
        style={{ '--at': frameCount < 2 ? 0.5 : frame / (frameCount - 1) } as CSSProperties}
      />
      <span className="strip-name">{title}</span>
      <span className={`figure strip-value is-${standingOf({ value, limit: strip.limit })}`}>
        {strip.values.every((one) => one === null) ? text.notAvailable : figureWords(value, unit, text)}
      </span>
      {told !== null && (
        <Tip
          id={`strip-${name}`}
          anchor={() => box.current}
          at={(width) => frameX(told, width, frameCount)}
          onClose={() => (setPointed(null), setFocus(false))}
        >
          <FigureTip
            title={`${title} · ${text.atFrame(told + 1)}`}
            meaning={meaning}
            value={strip.values[told] ?? null}
            limit={strip.limit}
            unit={unit}
          />
          {strip.faults
            .filter(({ from, to }) => from <= told && told <= to)
            .map(({ kind }) => (
              <p key={kind} className="is-bad">
                {text.fault[kind]}
              </p>
            ))}
        </Tip>
      )}
    </div>
  );
}

/** The figures themselves; the playhead moves above them, so playing draws nothing anew. */
function StripCanvas({ strip }: { readonly strip: Strip }) {
  const draw = useCallback((pen: Pen) => drawStrip(pen, strip), [strip]);
  const canvas = useCanvas(draw);
  return <canvas ref={canvas} aria-hidden="true" />;
}

const TOP_PX = 3;

function drawStrip({ context, width, height }: Pen, { values, range, limit, faults }: Strip): void {
  const count = values.length;
  const x = (frame: number): number => frameX(frame, width, count);
  const half = count < 2 ? width / 2 : (x(1) - x(0)) / 2;
  context.fillStyle = 'rgb(242 129 127 / 20%)';
  for (const { from, to } of faults) context.fillRect(x(from) - half, 0, x(to) - x(from) + 2 * half, height);
  if (!range) return;
  const y = (value: number): number =>
    height - 1 - Math.min(1, Math.max(0, (value - range.low) / (range.high - range.low))) * (height - 1 - TOP_PX);
  values.forEach((value, frame) => {
    if (value === null) return;
    const isBad = standingOf({ value, limit }) === 'bad';
    const top = Number.isFinite(value) ? y(value) : TOP_PX;
    context.fillStyle = isBad ? ink.bad : 'rgb(76 195 169 / 55%)';
    context.fillRect(x(frame) - Math.max(1, half * 0.7), top, Math.max(2, half * 1.4), height - top);
  });
  context.strokeStyle = ink.warning;
  context.setLineDash([3, 3]);
  for (const line of [limit?.low ?? null, limit?.high ?? null]) {
    if (line === null || line < range.low || line > range.high) continue;
    context.beginPath();
    context.moveTo(0, Math.round(y(line)) + 0.5);
    context.lineTo(width, Math.round(y(line)) + 0.5);
    context.stroke();
  }
}
