import { expect, it } from 'vitest';

import { encodeArguments, type EncodeOrder, type RawSource } from '../../../app/export/recipe.ts';

const source: RawSource = { framesPath: '/spool/-a b.rgb', widthPx: 256, heightPx: 144, frameCount: 33, fps: 16 };
const order: EncodeOrder = {
  path: '/out/%d "x".part',
  widthPx: 1280,
  heightPx: 720,
  fps: 16,
  tags: {
    runId: '1',
    grade: 'full',
    packId: 'p',
    packVersion: '1.0.0',
    packSha256: '0',
    seed: 7,
    rung: 'standard',
    renderedWidthPx: 256,
    renderedHeightPx: 144,
    programVersion: '0.1.0',
    prompt: null,
  },
};
const valueAfter = (args: readonly string[], flag: string): string | undefined => args[args.indexOf(flag) + 1];

it('names files by the file protocol, so that no character in a path means anything', () => {
  const args = encodeArguments(source, order, 'best');
  expect(valueAfter(args, '-i')).toBe('file:/spool/-a b.rgb');
  expect(args.at(-1)).toBe('file:/out/%d "x".part');
  expect(valueAfter(args, '-protocol_whitelist')).toBe('file,pipe');
});

it('converts to BT.709 limited range and says so', () => {
  const args = encodeArguments(source, order, 'best');
  expect(valueAfter(args, '-vf')).toContain('out_color_matrix=bt709:out_range=tv');
  for (const flag of ['-colorspace', '-color_primaries', '-color_trc']) expect(valueAfter(args, flag)).toBe('bt709');
  expect(valueAfter(args, '-color_range')).toBe('tv');
});

it('keeps the rate unless another one is ordered', () => {
  expect(valueAfter(encodeArguments(source, order, 'best'), '-vf')).not.toContain('fps=');
  const faster = encodeArguments(source, { ...order, fps: 24 }, 'best');
  expect(valueAfter(faster, '-vf')).toContain('fps=24');
  expect(valueAfter(faster, '-frames:v')).toBe('50');
});

it('tells the provenance and never the prompt, unless asked to', () => {
  const args = encodeArguments(source, order, 'best');
  expect(args.join('\n')).toContain('"runId":"1","grade":"full"');
  expect(args.join('\n')).not.toContain('description=');
  const told = encodeArguments(source, { ...order, tags: { ...order.tags, prompt: 'a\u0000 fox\n' } }, 'best');
  expect(told).toContain('description=a fox');
});

it('asks less of the encoder the second time', () => {
  expect(encodeArguments(source, order, 'safe')).toContain('ultrafast');
});
