import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { formatBytes, formatShort, formatTime } from '../../app/base/figure.ts';
import { packDamageKinds } from '../../app/contract/pack-damage.ts';
import type { Finding } from '../../app/contract/report.ts';
import { processorName } from '../../app/engine/processor-name.ts';
import { formatDevice, formatPosition, formatWhen } from '../../renderer/base/format.ts';
import { engineProblemWords, packDamageWords } from '../../renderer/base/problem.ts';
import { en } from '../../renderer/locale/en.ts';
import { zh } from '../../renderer/locale/zh.ts';
import { cutByFindings } from '../../renderer/stage/prompt/marked-prompt.tsx';

const finding = (from: number, to: number): Finding => ({
  kind: 'hidden-characters',
  from,
  to,
  message: '',
  rewrite: '',
});

describe('cutByFindings', () => {
  it('marks what findings cover and nothing else', () => {
    const [first, second] = [finding(1, 3), finding(2, 4)];
    expect(cutByFindings('abcdef', [first, second])).toEqual([
      { text: 'a', from: 0, finding: null },
      { text: 'b', from: 1, finding: first },
      { text: 'c', from: 2, finding: first },
      { text: 'd', from: 3, finding: second },
      { text: 'ef', from: 4, finding: null },
    ]);
  });

  it('lets the gravest of several win', () => {
    const grave: Finding = { ...finding(1, 3), kind: 'sensitive' };
    expect(cutByFindings('abcd', [finding(0, 4), grave]).map((piece) => piece.finding?.kind)).toEqual([
      'hidden-characters',
      'sensitive',
      'hidden-characters',
    ]);
  });

  it('loses no letter, even when a finding reaches beyond the text', () => {
    const ranges = fc.array(fc.tuple(fc.nat(30), fc.nat(30)), { maxLength: 6 });
    fc.assert(
      fc.property(fc.string({ maxLength: 20 }), ranges, (text, pairs) => {
        const findings = pairs.map(([a, b]) => finding(Math.min(a, b), Math.max(a, b)));
        const pieces = cutByFindings(text, findings);
        expect(pieces.map((piece) => piece.text).join('')).toBe(text);
        expect(new Set(pieces.map(({ from }) => from)).size).toBe(pieces.length);
      }),
    );
  });
});

describe('what is wrong', () => {
  const damage = { kind: 'wrong-size', file: 'vae.onnx', bytes: 7, expectedBytes: 4_096 } as const;
  it('with a pack is said in the language of the window', () => {
    // Catches the English of the log in a Chinese window.
    const pack = { fault: 'vae.onnx has 7 bytes instead of 4096', damage };
    expect(packDamageWords(pack, en)).toBe(pack.fault);
    expect(packDamageWords(pack, zh)).toBe('vae.onnx 为 7 字节，应为 4096 字节');
    expect(packDamageWords({ fault: 'an older program said so' }, zh)).toBe('an older program said so');
    expect(packDamageWords({ fault: null }, zh)).toBeNull();
    for (const kind of packDamageKinds)
      expect(packDamageWords({ fault: 'no', damage: { ...damage, kind } }, zh)).toMatch(/\p{Script=Han}/u);
  });

  it('with the engine as well, and the runtime is quoted as it spoke', () => {
    const status = { phase: 'broken', reason: 'Load model failed' } as const;
    expect(engineProblemWords({ ...status, problem: 'died-too-often' }, zh)).toBe('一分钟内崩溃了三次');
    expect(engineProblemWords({ ...status, problem: 'pack-corrupt' }, zh)).toBe('模型包已损坏 · Load model failed');
    expect(engineProblemWords(status, zh)).toBe(status.reason);
  });
});

describe('format', () => {
  it('says times as a person would', () => {
    expect([0, 400, 59_400, 60_000, 61_000, 125_000].map((ms) => formatTime(ms, 'en'))).toEqual([
      '0 s',
      '0 s',
      '59 s',
      '1 min',
      '1 min 1 s',
      '2 min 5 s',
    ]);
    expect(formatTime(61_000, 'zh')).toBe('1 分 1 秒');
    expect(formatTime(-5, 'en')).toBe('0 s');
    expect([949, 9_940, 9_960].map((ms) => formatShort(ms, 'en'))).toEqual(['0.9 s', '9.9 s', '10 s']);
  });

  it('gives positions one width, so that they do not dance', () => {
    expect([0, 1.125, 12.5].map(formatPosition)).toEqual(['00.00', '01.13', '12.50']);
  });

  it('says sizes and days', () => {
    expect([1, 88_000, 1_500_000].map(formatBytes)).toEqual(['1 kB', '88 kB', '1.5 MB']);
    const noon = new Date(2026, 10, 24, 12, 5).getTime();
    expect(formatWhen(noon, noon + 3_600_000, 'en')).toBe('12:05');
    expect(formatWhen(noon, noon + 86_400_000, 'en')).toBe('24 Nov');
    expect(formatWhen(noon, noon + 86_400_000, 'zh')).toContain('11月24日');
  });
});

/** Every text of a table, with its path; functions are asked with numbers and with words that can be found again. */
function textsOf(table: object, path = ''): readonly (readonly [string, string])[] {
  return Object.entries(table).flatMap(([name, value]: [string, unknown]) => {
    const at = `${path}${name}`;
    if (typeof value === 'string') return [[at, value] as const];
    if (typeof value === 'function') return [[at, String(Reflect.apply(value, undefined, [2, 3]))] as const];
    return typeof value === 'object' && value !== null ? textsOf(value, `${at}.`) : [];
  });
}

describe('languages', () => {
  it('have the same texts, none of them empty', () => {
    const [english, chinese] = [textsOf(en), textsOf(zh)];
    expect(chinese.map(([name]) => name).toSorted()).toEqual(english.map(([name]) => name).toSorted());
    expect([...english, ...chinese].filter(([, words]) => words.trim() === '')).toEqual([]);
  });

  it('put into Chinese what is said in English', () => {
    const english = new Map(textsOf(en));
    const same = textsOf(zh).filter(([name, words]) => english.get(name) === words);
    // Names of methods and of a plug are the same everywhere.
    const names = ['frameFigure.psnrDb.name', 'frameFigure.ssim.name', 'machineFigure.pcie.name'];
    expect(same.map(([name]) => name)).toEqual([...names, 'unit']);
  });
});

describe('the device', () => {
  it('is called by the engine what the window reads', () => {
    expect(processorName(2)).toBe('CPU, 2 threads');
  });

  it.each([
    ['CPU, 1 threads', 'CPU, 1 thread', '处理器，1 线程'],
    ['CPU, 2 threads', 'CPU, 2 threads', '处理器，2 线程'],
    ['cuda', 'cuda', 'cuda'],
  ])('is said in the language of the window: %s', (name, english, chinese) => {
    expect([formatDevice(name, en), formatDevice(name, zh)]).toEqual([english, chinese]);
  });
});
