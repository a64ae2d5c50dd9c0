import type { SizePx } from './framing.ts';
import { plainCaption, wrapText } from './wrap.ts';

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

/** Backslash and braces are commands in ASS; their full-width forms look the same and are not. */
const escapeAss = (text: string): string => text.replaceAll('\\', '＼').replaceAll('{', '｛').replaceAll('}', '｝');

/**
 * The words on the fallback card as an ASS script for libass: the mark that says what this is, the prompt, and the
 * program's name. Everything fades in once and stays.
 */
export function captionScript(caption: string, { widthPx, heightPx }: SizePx): string {
  const unit = Math.min(heightPx / DESIGN_HEIGHT_PX, widthPx / 960);
  const px = (design: number): number => Math.max(1, Math.round(design * unit));
  const marginPx = Math.round(widthPx * MARGIN_RATIO);
  const { sizePx, lines } = fitCaption(plainCaption(caption), widthPx - 2 * marginPx, unit);
  const baseY = heightPx - px(118);
  const dialogue = (style: string, text: string): string =>
    `Dialogue: 0,0:00:00.00,9:59:59.99,${style},,0,0,0,,${text}`;
  const ruleY = baseY - Math.round(lines.length * sizePx * LINE_EM) - px(14);

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
    style('Mark', px(29), '&H0078C8FF', px(1), 7, marginPx),
    style('Caption', Math.round(sizePx * LINE_EM), '&H00F5F1EC', 0, 1, marginPx),
    style('Note', px(28), '&H00B9AA9A', 0, 1, marginPx),
    style('Name', px(29), '&H00B9AA9A', px(1), 9, marginPx),
    style('Shape', px(20), '&H0078C8FF', 0, 7, 0),
    '',
    '[Events]',
    'Format: Layer,Start,End,Style,Name,MarginL,MarginR,MarginV,Effect,Text',
    dialogue('Shape', `{\\pos(${marginPx},${px(64)})\\p1}${roundDot(px(12))}`),
    dialogue('Mark', `{\\pos(${marginPx + px(26)},${px(54)})}Fallback clip / 替代片段`),
    dialogue('Name', `{\\pos(${widthPx - marginPx},${px(54)})}Steadyframe`),
    dialogue('Shape', `{\\pos(${marginPx},${ruleY})\\p1}m 0 0 l ${px(64)} 0 ${px(64)} ${px(3)} 0 ${px(3)}`),
    ...(lines.length > 0
      ? [dialogue('Caption', `{\\pos(${marginPx},${baseY})}${lines.map(escapeAss).join('\\N')}`)]
      : []),
    dialogue(
      'Note',
      `{\\pos(${marginPx},${heightPx - px(56)})}The video could not be generated; this clip holds its place.  视频未能生成，此片段代为占位。`,
    ),
    '',
  ].join('\n');
}

function style(
  name: string,
  sizePx: number,
  colour: string,
  spacingPx: number,
  alignment: number,
  marginPx: number,
): string {
  return `Style: ${name},${CAPTION_FONT},${sizePx},${colour},${colour},&H00000000,&H00000000,0,0,0,0,100,100,${spacingPx},0,1,0,0,${alignment},${marginPx},${marginPx},0,1`;
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
