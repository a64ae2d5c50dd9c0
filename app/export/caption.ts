import type { GradeName } from '../contract/name.ts';
import type { Brand, StandInKind } from '../contract/stand-in.ts';
import type { SizePx } from './framing.ts';
import { plainCaption, widthEm, wrapText } from './wrap.ts';

/** Family of the bundled font; it has both Chinese and Latin. */
export const CAPTION_FONT = 'Noto Sans SC Medium';
/** ASS counts a font's size from line to line; this font's lines are so many em apart. */
const LINE_EM = 1.448;

/** All sizes in this file are for a picture of this height and are scaled to the real one. */
const DESIGN_HEIGHT_PX = 720;
const LINE_LIMIT = 4;
/** The largest size in which the caption fits; the last one is cut where it still does not. */
const CAPTION_SIZES_PX = [56, 46, 38, 32];
const MARGIN_RATIO = 0.075;
/** Blue, green, red, as ASS writes it: the colour of the house's small signs. */
const MARK_COLOUR = '&H0078C8FF';

/** Backslash and braces are commands in ASS; their full-width forms look the same and are not. */
const escapeAss = (text: string): string => text.replaceAll('\\', '＼').replaceAll('{', '｛').replaceAll('}', '｝');

type Words = { readonly kind: StandInKind; readonly caption: string; readonly brand: Brand };

/**
 * The words of a stand-in clip as an ASS script for libass. That it is a stand-in is not said here: `markScript` says it on every
 * clip of such a grade.
 */
export function captionScript(words: Words, size: SizePx): string {
  switch (words.kind) {
    case 'time-lapse':
      return landscapeScript(words.caption, size);
    case 'loading':
      return middleScript({ head: '', line: words.caption, topRatio: 0.6 }, size);
    case 'waiting':
      return middleScript({ head: words.brand.name, line: words.brand.text || words.caption, topRatio: 0.56 }, size);
    default:
      return words.kind satisfies never;
  }
}

/** The prompt at the lower left, where the picture grows darker. */
function landscapeScript(caption: string, size: SizePx): string {
  const { widthPx, heightPx } = size;
  const { unit, px } = scaleOf(size);
  const marginPx = Math.round(widthPx * MARGIN_RATIO);
  const { sizePx, lines } = fitCaption(plainCaption(caption), widthPx - 2 * marginPx, unit);
  const baseY = heightPx - px(64);
  const ruleY = baseY - Math.round(lines.length * sizePx * LINE_EM) - px(14);
  return script(
    size,
    [
      style('Caption', Math.round(sizePx * LINE_EM), '&H00FFFFFF', 1, marginPx, { outlinePx: px(1), shadowPx: px(2) }),
      style('Shape', px(20), MARK_COLOUR, 7, 0),
    ],
    lines.length === 0
      ? []
      : [
          dialogue('Shape', `{\\pos(${marginPx},${ruleY})\\p1}${rectangle(0, 0, px(64), px(3))}`),
          dialogue('Caption', `{\\pos(${marginPx},${baseY})}${lines.map(escapeAss).join('\\N')}`),
        ],
  );
}

/** A name and a line below it, both in the middle. */
function middleScript(
  { head, line, topRatio }: { readonly head: string; readonly line: string; readonly topRatio: number },
  size: SizePx,
): string {
  const { widthPx, heightPx } = size;
  const { unit, px } = scaleOf(size);
  const marginPx = Math.round(widthPx * MARGIN_RATIO);
  const roomEm = (sizePx: number): number => (widthPx - 2 * marginPx) / sizePx;
  const headPx = px(44);
  const linePx = px(30);
  const name = wrapText(plainCaption(head), roomEm(headPx), 1).lines;
  const text = wrapText(plainCaption(line), roomEm(linePx), unit < 0.4 ? 1 : 2).lines;
  const topY = Math.round(heightPx * topRatio);
  const textY = topY + (name.length > 0 ? Math.round(headPx * LINE_EM) + px(6) : 0);
  const x = Math.round(widthPx / 2);
  return script(
    size,
    [
      style('Name', Math.round(headPx * LINE_EM), '&H00FFFFFF', 8, marginPx, { shadowPx: px(1) }),
      style('Text', Math.round(linePx * LINE_EM), '&H00D9CFC6', 8, marginPx, { shadowPx: px(1) }),
    ],
    [
      ...(name.length > 0 ? [dialogue('Name', `{\\pos(${x},${topY})}${name.map(escapeAss).join('\\N')}`)] : []),
      ...(text.length > 0 ? [dialogue('Text', `{\\pos(${x},${textY})}${text.map(escapeAss).join('\\N')}`)] : []),
    ],
  );
}

/** What is said on a clip that is not what was asked for, by its grade. */
const marks: Readonly<Partial<Record<GradeName, string>>> = {
  fallback: 'Stand-in / 替代片段',
  still: 'Stand-in: still image / 替代片段：静帧',
  template: 'Stand-in: earlier clip / 替代片段：旧片',
};

/** The small mark at the upper left of a clip of this grade; null where none is due. */
export function markScript(grade: GradeName, size: SizePx): string | null {
  const mark = marks[grade];
  if (mark === undefined) return null;
  const { px } = scaleOf(size);
  const marginPx = px(28);
  const widthPx = Math.round(widthEm(mark) * px(19)) + px(44);
  return script(
    size,
    [
      style('Plate', px(20), '&H00140C08', 7, 0),
      style('Mark', Math.max(8, Math.round(px(19) * LINE_EM)), '&H00FFFFFF', 4, 0),
      style('Shape', px(20), MARK_COLOUR, 7, 0),
    ],
    [
      dialogue('Plate', `{\\pos(${marginPx},${marginPx})\\1a&H60&\\p1}${rectangle(0, 0, widthPx, px(36))}`),
      dialogue('Shape', `{\\pos(${marginPx + px(13)},${marginPx + px(14)})\\p1}${roundDot(px(9))}`),
      dialogue('Mark', `{\\pos(${marginPx + px(31)},${marginPx + px(18)})}${mark}`),
    ],
  );
}

function scaleOf({ widthPx, heightPx }: SizePx): { readonly unit: number; readonly px: (design: number) => number } {
  const unit = Math.min(heightPx / DESIGN_HEIGHT_PX, widthPx / 960);
  return { unit, px: (design) => Math.max(1, Math.round(design * unit)) };
}

function script({ widthPx, heightPx }: SizePx, styles: readonly string[], events: readonly string[]): string {
  return [
    '[Script Info]',
    'ScriptType: v4.00+',
    `PlayResX: ${widthPx}`,
    `PlayResY: ${heightPx}`,
    // Lines are broken here already; should another font be wider, libass breaks them again instead of cutting them.
    'WrapStyle: 1',
    'ScaledBorderAndShadow: yes',
    '',
    '[V4+ Styles]',
    'Format: Name,Fontname,Fontsize,PrimaryColour,SecondaryColour,OutlineColour,BackColour,Bold,Italic,Underline,StrikeOut,ScaleX,ScaleY,Spacing,Angle,BorderStyle,Outline,Shadow,Alignment,MarginL,MarginR,MarginV,Encoding',
    ...styles,
    '',
    '[Events]',
    'Format: Layer,Start,End,Style,Name,MarginL,MarginR,MarginV,Effect,Text',
    ...events,
    '',
  ].join('\n');
}

const dialogue = (style: string, text: string): string => `Dialogue: 0,0:00:00.00,9:59:59.99,${style},,0,0,0,,${text}`;
const rectangle = (left: number, top: number, right: number, bottom: number): string =>
  `m ${left} ${top} l ${right} ${top} ${right} ${bottom} ${left} ${bottom}`;

function style(
  name: string,
  sizePx: number,
  colour: string,
  alignment: number,
  marginPx: number,
  { outlinePx = 0, shadowPx = 0 }: { readonly outlinePx?: number; readonly shadowPx?: number } = {},
): string {
  const colours = `${colour},${colour},&HA0000000,&H90000000`;
  return `Style: ${name},${CAPTION_FONT},${sizePx},${colours},0,0,0,0,100,100,0,0,1,${outlinePx},${shadowPx},${alignment},${marginPx},${marginPx},0,1`;
}

/** A circle as an ASS drawing: four Bézier quarters. */
function roundDot(diameterPx: number): string {
  const radius = diameterPx / 2;
  const pull = radius * 0.5523;
  const at = (x: number, y: number): string => `${(radius + x).toFixed(1)} ${(radius + y).toFixed(1)}`;
  return [
    `m ${at(0, -radius)}`,
    `b ${at(pull, -radius)} ${at(radius, -pull)} ${at(radius, 0)}`,
    `b ${at(radius, pull)} ${at(pull, radius)} ${at(0, radius)}`,
    `b ${at(-pull, radius)} ${at(-radius, pull)} ${at(-radius, 0)}`,
    `b ${at(-radius, -pull)} ${at(-pull, -radius)} ${at(0, -radius)}`,
  ].join(' ');
}

function fitCaption(
  text: string,
  widthPx: number,
  unit: number,
): { readonly sizePx: number; readonly lines: readonly string[] } {
  for (const designPx of CAPTION_SIZES_PX) {
    const sizePx = Math.max(1, Math.round(designPx * unit));
    const { lines, isWhole } = wrapText(text, widthPx / sizePx, LINE_LIMIT);
    if (isWhole || designPx === CAPTION_SIZES_PX.at(-1)) return { sizePx, lines };
  }
  throw new Error('bug: there is at least one caption size');
}
