import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { languageName } from '../../../app/contract/name.ts';
import { simplifyPrompt } from '../../../app/precheck/simplify.ts';

describe('simplifyPrompt', () => {
  it.each([
    ['A panda walks to the left in the snow', 'A panda walks to the left in the snow'],
    [
      'A cinematic shot of a red panda wearing a tiny scarf walking slowly through a foggy forest, 8k, masterpiece, volumetric lighting, the camera pans left',
      'a red panda walking slowly through a foggy forest',
    ],
    [
      'an old fisherman, rowing a boat, on a misty lake, ultra detailed',
      'an old fisherman rowing a boat on a misty lake',
    ],
    ['A video of a girl running along the beach like a dream', 'a girl running along the beach'],
    ['masterpiece, best quality, a white horse galloping in the desert', 'a white horse galloping in the desert'],
  ])('keeps who, what and where of %j', (prompt, simple) => {
    expect(simplifyPrompt(prompt, 'en')).toBe(simple);
  });

  it.each([
    ['一只老虎在海滩上向右移动', '一只老虎在海滩上向右移动'],
    [
      '电影感镜头，一只戴着红围巾的小熊猫在雾蒙蒙的森林里慢慢行走，8K，杰作，镜头左移',
      '一只小熊猫在雾蒙蒙的森林里慢慢行走',
    ],
    ['一位老渔夫，划着小船，在清晨的湖面上，超高清画质', '一位老渔夫，划着小船，在清晨的湖面上'],
    ['生成一段视频：白马在沙漠里奔跑，宛如梦境', '白马在沙漠里奔跑'],
  ])('keeps who, what and where of %j', (prompt, simple) => {
    expect(simplifyPrompt(prompt, 'zh')).toBe(simple);
  });

  it('never grows, settles after one call, and leaves something where there was a word', () => {
    const language = fc.constantFrom(...languageName.options);
    const pieces = fc.constantFrom(
      ...[
        'a shot of ',
        'cat',
        ' with ',
        ', ',
        '8k',
        '(',
        ')',
        ' running in the park',
        '像',
        '一样',
        '镜头',
        '，',
        '穿着红的',
        '猫',
        '在',
        '.',
        ' ',
      ],
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(pieces, { maxLength: 20 }).map((list) => list.join('')),
    );
    fc.assert(
      fc.property(text, language, (prompt, name) => {
        const simple = simplifyPrompt(prompt, name);
        expect(simplifyPrompt(simple, name)).toBe(simple);
        expect(simple.length).toBeLessThanOrEqual(prompt.normalize('NFC').length);
        if (/[a-z猫]/u.test(prompt)) expect(simple).not.toBe('');
      }),
      { numRuns: 2_000 },
    );
  });
});
