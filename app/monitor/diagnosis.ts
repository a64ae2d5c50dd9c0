import type { Language } from '../base/figure.ts';
import type { FaultReport } from '../contract/report.ts';
import { evidenceName, evidenceValue } from './evidence.ts';
import { faultWords } from './fault-words.ts';

/** Kinds that come in several shapes say which one. */
const shapes: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  'frames-black/black': { en: 'The picture is black', zh: '画面全黑' },
  'frames-black/blown-out': { en: 'The picture is blown out to white', zh: '画面过曝成一片白' },
  'frames-black/flat': { en: 'The picture is one flat colour', zh: '画面只剩一种纯色' },
  'frames-black/part': { en: 'A part of the picture is blank', zh: '画面有一部分是空白' },
  'frames-flicker/tint': { en: 'The colours are suddenly wrong', zh: '画面颜色突然失真' },
  'frames-flicker/grey': { en: 'The colours are suddenly gone', zh: '画面颜色突然消失' },
  'motion-implausible/swapped': { en: 'Frames are in the wrong order', zh: '帧的顺序颠倒' },
  'motion-implausible/slip': { en: 'The picture jumps away and back', zh: '画面跳开又跳回' },
  'motion-implausible/jump': { en: 'Something is suddenly elsewhere', zh: '画面内容突然换了位置' },
  'motion-implausible/cut': { en: 'The shot breaks off into another one', zh: '镜头中断，跳到另一个画面' },
  'motion-implausible/direction': { en: 'It moves another way than was asked for', zh: '运动方向与描述不符' },
  'motion-implausible/fall': { en: 'It does not fall as things fall', zh: '下落的样子不符合物理' },
};

/** Said in words already, or of no use to a reader of one line. */
const unsaid: readonly string[] = ['cause', 'picture', 'limitsFrom', 'clipFrames'];

/** One line for one fault: what, where, and the figures that say so. Seconds where the frame rate is known. */
export function describeFault(fault: FaultReport, fps: number | null, language: Language): string {
  const { kind, step, frame, frameCount, evidence } = fault;
  const shape = evidence['cause'] ?? evidence['picture'];
  const said =
    (typeof shape === 'string' ? shapes[`${kind}/${shape}`]?.[language] : undefined) ?? faultWords[language][kind];
  const where = [
    ...(step === null ? [] : [language === 'zh' ? `第 ${step} 步` : `step ${step}`]),
    ...(frame === null ? [] : [describeFrames(frame, frameCount ?? 1, fps, language)]),
  ];
  const figures = Object.entries(evidence)
    .filter(([name, value]) => value !== null && !unsaid.includes(name))
    .map(([name, value]) => `${evidenceName(name, language)} ${evidenceValue(name, value, language)}`);
  const [comma, colon, list, open, close] =
    language === 'zh' ? ['，', '：', '、', '（', '）'] : [', ', ': ', ', ', ' (', ')'];
  const why = [kind, ...(figures.length === 0 ? [] : [figures.join(list)])].join(colon);
  return `${[said, ...where].join(comma)}${open}${why}${close}`;
}

function describeFrames(frame: number, count: number, fps: number | null, language: Language): string {
  const last = frame + count - 1;
  const frames = count === 1 ? String(frame) : `${frame}–${last}`;
  const named = language === 'zh' ? `第 ${frames} 帧` : `${count === 1 ? 'frame' : 'frames'} ${frames}`;
  if (fps === null) return named;
  const span = [frame / fps, (last + 1) / fps].map((seconds) => seconds.toFixed(2)).join('–');
  return language === 'zh' ? `${named}，${span} 秒` : `${named}, ${span} s`;
}

/** The verdict over all, for the first line. */
export function describeVerdict(faults: readonly FaultReport[], frameCount: number, language: Language): string {
  if (language === 'zh')
    return faults.length === 0
      ? `完好：${frameCount} 帧未发现问题`
      : `在 ${frameCount} 帧中发现 ${faults.length} 处问题`;
  const problems = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
  return faults.length === 0 ? `sound: no fault in ${frameCount} frames` : `${problems} in ${frameCount} frames`;
}
