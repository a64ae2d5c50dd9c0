import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { jobRequest } from '../../../app/contract/job.ts';
import type { DraftRequest } from '../../../app/contract/route.ts';
import { vocabulary } from '../precheck/lexicon.ts';
import { precheckPrompt } from '../../../app/precheck/precheck.ts';
import { checkDraft } from '../../../app/prompt/check-draft.ts';
import { samplePack } from '../sample-pack.ts';

const around = { manifests: [samplePack], freshSeed: 99 };
const draft = (part: Partial<DraftRequest>): DraftRequest => ({
  prompt: 'a red ball',
  negative: '',
  packId: null,
  rung: null,
  frameCount: null,
  steps: null,
  seed: null,
  ...part,
});
const codeOf = (part: Partial<DraftRequest>): string => {
  const checked = checkDraft(draft(part), around);
  return checked.ok ? 'ok' : checked.error.code;
};

describe('text', () => {
  it.each<[string, string, string]>([
    ['nothing', '', 'prompt-empty'],
    ['spaces', ' \t\r\n\u3000', 'prompt-empty'],
    ['only characters that nobody sees', '\u200b\u2060\ufeff', 'prompt-empty'],
    ['a null character', 'a\0b', 'prompt-control-characters'],
    ['an escape sequence', 'a\u001b[31mb', 'prompt-control-characters'],
    ['DELETE', 'a\u007f', 'prompt-control-characters'],
    ['a C1 control', 'a\u0085b', 'prompt-control-characters'],
    ['half a high surrogate', 'a\ud83d', 'prompt-malformed'],
    ['half a low surrogate', '\ude00a', 'prompt-malformed'],
    ['nothing but marks', '?!…', 'prompt-empty'],
    ['2,000 characters', 'x'.repeat(2_000), 'ok'],
    ['2,001 characters', 'x'.repeat(2_001), 'prompt-too-long'],
    ['100,000 characters', 'x'.repeat(100_000), 'prompt-too-long'],
    ['Chinese', '一只猫在公园里向右走', 'ok'],
    ['emoji', '👩‍👩‍👧 🐈', 'ok'],
    ['Arabic', 'قطة صغيرة', 'ok'],
    ['lines and tabs', 'a\tcat\r\nwalks', 'ok'],
    ['markup', '<script>"\' OR 1=1 -- %s ${x}', 'ok'],
  ])('%s: %#', (_, prompt, code) => {
    expect(codeOf({ prompt })).toBe(code);
    // An empty negative prompt is legal; everything else holds for it too.
    expect(codeOf({ negative: prompt })).toBe(code === 'prompt-empty' ? 'ok' : code);
  });

  it('reads the same text, however it is spaced, composed or interspersed with hidden characters', () => {
    const checked = checkDraft(draft({ prompt: '  cafe\u0301\n\n  at\u200b night ' }), around);
    expect(checked.ok && checked.value.prompt).toBe('caf\u00e9 at night');
  });

  it('takes the pack own negative prompt in the language of the prompt', () => {
    const zh = checkDraft(draft({ prompt: '一只红色的球' }), around);
    const en = checkDraft(draft({ negative: ' \u200b ' }), around);
    expect(zh.ok && zh.value.negative).toBe('模糊');
    expect(en.ok && en.value.negative).toBe('blurry');
  });
});

describe('choices', () => {
  it.each<[Partial<DraftRequest>, string]>([
    [{ packId: 'other' }, 'pack-unknown'],
    [{ packId: '' }, 'pack-unknown'],
    [{ rung: 'huge' }, 'rung-unknown'],
    [{ frameCount: 9 }, 'ok'],
    [{ frameCount: 10 }, 'frames-illegal'],
    [{ frameCount: 21 }, 'frames-illegal'],
    [{ frameCount: 0 }, 'frames-illegal'],
    [{ frameCount: -3 }, 'frames-illegal'],
    [{ frameCount: NaN }, 'frames-illegal'],
    [{ rung: 'quick', frameCount: 17 }, 'frames-illegal'],
    [{ steps: 0 }, 'steps-illegal'],
    [{ steps: 1.5 }, 'steps-illegal'],
    [{ steps: 201 }, 'steps-illegal'],
    [{ steps: Infinity }, 'steps-illegal'],
    [{ seed: -1 }, 'seed-illegal'],
    [{ seed: 2 ** 53 }, 'seed-illegal'],
    [{ seed: 0 }, 'ok'],
  ])('%j: %s', (part, code) => {
    expect(codeOf(part)).toBe(code);
  });

  it.each<[Partial<DraftRequest>, boolean]>([
    [{ packId: null }, false],
    [{ packId: samplePack.id }, true],
    // The window names the pack that it showed, and says that another one would do.
    [{ packId: samplePack.id, isPackChosen: false }, false],
  ])('%j binds to the pack: %s', (part, isPackChosen) => {
    const checked = checkDraft(draft(part), around);
    expect(checked.ok && checked.value.isPackChosen).toBe(isPackChosen);
  });

  it.each<[string | undefined, string]>([
    [undefined, 'default'],
    ['b', 'b'],
    ['c', 'project-unknown'],
  ])('in project %s: %s', (projectId, expected) => {
    const projects = ['default', 'b'].map((id) => ({ id, name: '' }));
    const checked = checkDraft(draft({ ...(projectId === undefined ? {} : { projectId }) }), { ...around, projects });
    expect(checked.ok ? checked.value.projectId : checked.error.code).toBe(expected);
  });

  it('names the legal frame counts', () => {
    const checked = checkDraft(draft({ frameCount: 10 }), around);
    expect(!checked.ok && checked.error.legal).toBe('1, 5, 9, 13, 17 (4n+1)');
  });

  it('keeps seed 0 instead of drawing one', () => {
    const checked = checkDraft(draft({ seed: 0 }), around);
    expect(checked.ok && checked.value.seed).toBe(0);
  });
});

it('refuses what the studio does not draw, with the words and the reason', () => {
  const prompt = 'a p0rn video';
  const checked = checkDraft(draft({ prompt }), { ...around, precheck: precheckPrompt(prompt, vocabulary) });
  expect(checked).toMatchObject({ ok: false, error: { code: 'prompt-sensitive', value: 'p0rn' } });
});

it('answers every text with a legal request or a named problem, and the precheck agrees', () => {
  // Catches a text that one of the two refuses and the other lets through, and any that makes either throw.
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 2_100 }), (prompt) => {
      const checked = checkDraft(draft({ prompt }), around);
      const { verdict, findings } = precheckPrompt(prompt, vocabulary);
      for (const { from, to } of findings) expect(from <= to && to <= prompt.length).toBe(true);
      if (!checked.ok) return;
      expect(jobRequest.safeParse(checked.value).success).toBe(true);
      if (verdict === 'blocked') expect(findings.some(({ kind }) => kind === 'sensitive')).toBe(true);
    }),
  );
});
