import { describe, expect, it } from 'vitest';

import { oddFinding, judgeText } from '../../../app/monitor/text-health.ts';
import { truncationFinding, usedLength } from '../../../app/monitor/token-cut.ts';
import { unknownWords } from '../../../app/monitor/unknown-words.ts';

describe('unknownWords', () => {
  it('names them as they were typed, and counts words, not pieces', () => {
    const tokens = ['a', '<unk>', 'walk', '##ing', ',', '<unk>', '</s>'];
    expect(unknownWords('A Chef walking, quickly', tokens)).toEqual({ ratio: 0.4, words: ['Chef', 'quickly'] });
    expect(unknownWords('一只厨师', ['一', '只', '<unk>', '<unk>', '</s>']).words).toEqual(['厨', '师']);
    expect(unknownWords('a cat', ['a', 'cat', '</s>'])).toEqual({ ratio: 0, words: [] });
  });
});

describe('usedLength', () => {
  it.each<[string, readonly string[], string]>([
    ['A panda walks to the left', ['a', 'panda', 'walk', '##s', '</s>'], 'A panda walks'],
    ['熊猫在雪地里', ['熊', '猫', '在', '</s>'], '熊猫在'],
    ['A panda walks to the left', ['▁A', '▁pan', 'da', '▁walk', '</s>'], 'A panda walk'],
    ['两只  熊猫 走', ['▁两只', '▁熊', '猫'], '两只  熊猫'],
  ])('of %j by %j is %j', (prompt, tokens, used) => {
    expect(prompt.slice(0, usedLength(prompt, tokens) ?? 0).trimEnd()).toBe(used);
  });

  it('is not known where the tokens are not this text', () => {
    expect(usedLength('a cat', ['▁a', '▁dog'])).toBeNull();
  });
});

it('marks the place of the cut, and its rewrite leaves the text that was used', () => {
  const prompt = 'A panda walks to the left, then to the right';
  const tokens = ['a', 'panda', 'walks', 'to', 'the', 'left', '</s>'];
  const { from, to, rewrite, message } = truncationFinding(prompt, 'en', { tokens, maxTokens: 7 });
  expect(prompt.slice(0, from) + rewrite + prompt.slice(to)).toBe('A panda walks to the left');
  expect(message).toContain('7 tokens');
});

it('is silent on a known prompt of a pack without calibration', () => {
  const encoded = { prompt: 'a panda', pooled: new Float32Array(4), tokens: ['a', 'panda', '</s>'] };
  const { judgement, state } = judgeText(null, null, 'sha', encoded);
  expect(judgement.faults).toEqual([]);
  expect(oddFinding('a panda', 'en', judgement)).toBeNull();
  expect(state).toBeNull();
});
