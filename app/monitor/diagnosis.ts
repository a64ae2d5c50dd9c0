import type { FaultReport } from '../contract/report.ts';

export type DiagnosisLanguage = 'en' | 'zh';

/** Kinds that frames can have, and how each is said; motion has several causes. */
const words: Readonly<Record<string, Readonly<Record<DiagnosisLanguage, string>>>> = {
  'frames-black': { en: 'There is no picture', zh: '没有画面' },
  'frames-black/black': { en: 'The picture is black', zh: '画面全黑' },
  'frames-black/blown-out': { en: 'The picture is blown out to white', zh: '画面过曝成一片白' },
  'frames-black/flat': { en: 'The picture is one flat colour', zh: '画面只剩一种纯色' },
  'frames-noise': { en: 'The picture is full of noise', zh: '画面布满噪点' },
  'frames-frozen': { en: 'The picture stands still', zh: '画面静止不动' },
  'frames-torn': { en: 'The picture is torn: a part of it has slipped', zh: '画面撕裂：有一部分错位' },
  'frames-flicker': { en: 'The brightness flickers', zh: '亮度闪烁' },
  'motion-implausible': { en: 'The motion is not plausible', zh: '运动不合理' },
  'motion-implausible/swapped': { en: 'Frames are in the wrong order', zh: '帧的顺序颠倒' },
  'motion-implausible/slip': { en: 'The picture jumps away and back', zh: '画面跳开又跳回' },
  'motion-implausible/jump': { en: 'Something is suddenly elsewhere', zh: '画面内容突然换了位置' },
  'motion-implausible/cut': { en: 'The shot breaks off into another one', zh: '镜头中断，跳到另一个画面' },
  'motion-implausible/direction': { en: 'It moves another way than was asked for', zh: '运动方向与描述不符' },
  'motion-implausible/fall': { en: 'It does not fall as things fall', zh: '下落的样子不符合物理' },
};

/** One line for one fault: what, where, and the figures that say so. */
export function describeFault(fault: FaultReport, fps: number, language: DiagnosisLanguage): string {
  const { kind, frame, frameCount, evidence } = fault;
  const cause = evidence['cause'] ?? evidence['picture'];
  const said = (typeof cause === 'string' ? words[`${kind}/${cause}`] : undefined) ?? words[kind];
  const what = said?.[language] ?? kind;
  const where = frame === null ? '' : describeFrames(frame, frameCount ?? 1, fps, language);
  const figures = Object.entries(evidence)
    .filter(([name, value]) => value !== null && !['cause', 'picture', 'limitsFrom'].includes(name))
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(', ');
  return language === 'zh' ? `${what}${where}（${kind}：${figures}）` : `${what}${where} (${kind}: ${figures})`;
}

function describeFrames(frame: number, count: number, fps: number, language: DiagnosisLanguage): string {
  const last = frame + count - 1;
  const [from, to] = [frame / fps, (last + 1) / fps].map((seconds) => seconds.toFixed(2));
  const frames = count === 1 ? String(frame) : `${frame}–${last}`;
  if (language === 'zh') return `，第 ${frames} 帧，${from}–${to} 秒`;
  return `, ${count === 1 ? 'frame' : 'frames'} ${frames}, ${from}–${to} s`;
}

/** The verdict over all, for the first line. */
export function describeVerdict(
  faults: readonly FaultReport[],
  frameCount: number,
  language: DiagnosisLanguage,
): string {
  if (language === 'zh')
    return faults.length === 0
      ? `完好：${frameCount} 帧未发现问题`
      : `在 ${frameCount} 帧中发现 ${faults.length} 处问题`;
  const problems = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
  return faults.length === 0 ? `sound: no fault in ${frameCount} frames` : `${problems} in ${frameCount} frames`;
}
