import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { redactor, textRedactor, type Secrets } from '../../../app/export/redact.ts';

const secrets: Secrets = {
  folders: [
    { path: '/home/wang.li/.local/share/steadyframe', name: 'studio' },
    { path: '/home/wang.li', name: 'home' },
  ],
  userName: 'wang.li',
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
  ])('%j', (text, expected) => expect(clean(text)).toBe(expected));

  it('may show prompts where the user allows it, and still no name', () => {
    expect(textRedactor(secrets, true)('wang.li typed a panda in the snow')).toBe('<user> typed a panda in the snow');
  });

  it('knows both slashes of Windows', () => {
    const windows = textRedactor({ folders: [{ path: 'D:\\Work\\Me', name: 'home' }], userName: '', texts: [] }, false);
    expect(windows('d:\\work\\me\\x D:/Work/Me/y {"p":"D:\\\\Work\\\\Me\\\\z"}')).toBe(
      '<home>\\x <home>/y {"p":"<home>\\\\z"}',
    );
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
        const redact = redactor({ folders: [{ path: home, name: 'home' }], userName: user, texts: [prompt] }, false);
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
        const redact = redactor({ folders: [], userName: '', texts: [] }, true);
        expect(redact(value)).toEqual(value);
      }),
    );
  });
});
