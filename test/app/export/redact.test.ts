import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { redactor, textRedactor, type Secrets } from '../../../app/export/redact.ts';

const secrets: Secrets = {
  folders: [
    { path: '/home/wang.li/.local/share/steadyframe', name: 'studio' },
    { path: '/home/wang.li', name: 'home' },
  ],
  userName: 'wang.li',
  keys: ['correct-horse-battery', 'short'],
  texts: ['a panda in the snow', '熊猫在雪中', 'no "blur"\nplease'],
};
const clean = textRedactor(secrets, false);

describe('text', () => {
  it.each([
    ['cannot open /home/wang.li/clips/a.mp4', 'cannot open <home>/clips/a.mp4'],
    ['/home/wang.li/.local/share/steadyframe/runs.db', '<studio>/runs.db'],
    ['file:///home/wang.li/a%20b', 'file://<home>/a%20b'],
    ['/home/chen/a and /Users/anna/b', '/home/<user>/a and /Users/<user>/b'],
    ['C:\\Users\\Anna\\AppData', 'C:\\Users\\<user>\\AppData'],
    ['owner wang.li, not wang.lin', 'owner <user>, not wang.lin'],
    ['bad prompt "a panda in the snow"', 'bad prompt "<text>"'],
    ['提示词：熊猫在雪中。', '提示词：<text>。'],
    ['{"negative":"no \\"blur\\"\\nplease"}', '{"negative":"<text>"}'],
    ['q=a%20panda%20in%20the%20snow', 'q=<text>'],
    ['nothing to hide', 'nothing to hide'],
    ['refused: correct-horse-battery', 'refused: <key>'],
    ['a short text', 'a short text'],
    ['with sk-prompt0123456789ABCDEFabcdef', 'with <key>'],
    ['hf_abcDEF0123456789abcdef, ghp_0123456789abcdefABCDEF0123456789abcd', '<key>, <key>'],
    ['AKIAIOSFODNN7EXAMPLE and AIzaSyA0123456789abcdefghijklmnopqrstuv', '<key> and <key>'],
    ['Authorization: Bearer abc.def-123456', 'Authorization: Bearer <key>'],
    ['{"api_key":"0123456789"}', '{"api_key":"<key>"}'],
    ['口令：牡丹花下1949', '口令：<key>'],
    ['https://me:hunter2@proxy.example:8080/x', 'https://me:<key>@proxy.example:8080/x'],
    ['task-scheduler-of-the-day-2 and sk-short', 'task-scheduler-of-the-day-2 and sk-short'],
  ])('%j', (text, expected) => expect(clean(text)).toBe(expected));

  it('may show prompts where the user allows it, and still no name', () => {
    expect(textRedactor(secrets, true)('wang.li typed a panda in the snow')).toBe('<user> typed a panda in the snow');
  });

  it('knows both slashes of Windows', () => {
    const windows = textRedactor(
      { folders: [{ path: 'D:\\Work\\Me', name: 'home' }], userName: '', keys: [], texts: [] },
      false,
    );
    expect(windows('d:\\work\\me\\x D:/Work/Me/y {"p":"D:\\\\Work\\\\Me\\\\z"}')).toBe(
      '<home>\\x <home>/y {"p":"<home>\\\\z"}',
    );
  });
});

it('shows keys to nobody, also where prompts may be shown', () => {
  const shown = redactor(secrets, true)({ prompt: 'my token: 123456 and correct-horse-battery' });
  expect(shown).toEqual({ prompt: 'my token: <key> and <key>' });
});

it('hides what quotes the words of a prompt: unknown words of a fault, messages and rewrites of findings', () => {
  const finding = { kind: 'vague-simile', from: 0, to: 9, message: 'as free as Quorvath', rewrite: 'free' };
  const evidence = { unknownRatio: 0.5, unknownWords: 'Quorvath' };
  expect(redactor(secrets, false)({ findings: [finding], evidence, message: 'run begins' })).toEqual({
    findings: [{ ...finding, message: '<text of 19 characters>', rewrite: '<text of 4 characters>' }],
    evidence: { unknownRatio: 0.5, unknownWords: '<text of 8 characters>' },
    message: 'run begins',
  });
});

it('hides a field that is the user’s text whatever it says, and keeps its length', () => {
  const redact = redactor(secrets, false);
  expect(redact({ prompt: 'secret', request: { negative: '', tokens: ['a', 'b'] }, seed: 7 })).toEqual({
    prompt: '<text of 6 characters>',
    request: { negative: '', tokens: '<2 texts>' },
    seed: 7,
  });
  expect(redactor(secrets, true)({ prompt: 'shown' })).toEqual({ prompt: 'shown' });
});

const segment = fc.stringMatching(/^[A-Za-z][A-Za-z0-9 ._-]{3,12}[a-z]$/);
const prompts = fc
  .oneof(fc.string({ minLength: 2, maxLength: 60 }), fc.string({ unit: 'grapheme', minLength: 2, maxLength: 30 }))
  // A prompt of one common letter or sign says nothing, and hiding it would hide everything.
  .filter((text) => text.trim().length >= 8);

describe('whatever is logged', () => {
  it('holds no home, no user and no prompt', () => {
    fc.assert(
      fc.property(segment, prompts, fc.jsonValue({ maxDepth: 3 }), fc.nat(3), (user, prompt, noise, place) => {
        const home = `/home/${user}`;
        const redact = redactor(
          { folders: [{ path: home, name: 'home' }], userName: user, keys: [], texts: [prompt] },
          false,
        );
        const sentence =
          [`open ${home}/clip.mp4`, `for ${user}`, `of [${prompt}]`, `at ${home}: "${prompt}"`][place] ?? '';
        const record = { message: sentence, error: { detail: [sentence, noise] }, [sentence]: 1 };
        const written = JSON.stringify(redact(record));
        const spoken = JSON.stringify({ a: prompt }).slice(6, -2);
        const before = JSON.stringify({ noise });
        expect(written.includes(home)).toBe(false);
        if (
          !before.includes(spoken) &&
          !'<text><user><home>open clip.mp4 for of [] at : message error detail'.includes(prompt)
        )
          expect(written.includes(spoken)).toBe(false);
        expect(
          new RegExp(`(?<![\\p{L}\\p{N}])${user.replace(/[.]/g, '\\$&')}(?![\\p{L}\\p{N}])`, 'u').test(written),
        ).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps its shape: redacting changes texts, never structure', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const redact = redactor({ folders: [], userName: '', keys: [], texts: [] }, true);
        expect(redact(value)).toEqual(value);
      }),
    );
  });
});
