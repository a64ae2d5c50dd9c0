import { expect, it } from 'vitest';

import { differencesFrom, parseProbe } from '../../../app/export/probe.ts';

const stream = {
  codec_name: 'h264',
  pix_fmt: 'yuv420p',
  width: 1280,
  height: 720,
  r_frame_rate: '16/1',
  nb_read_frames: '33',
  color_range: 'tv',
  color_space: 'bt709',
  color_transfer: 'bt709',
  color_primaries: 'bt709',
};
const expected = { widthPx: 1280, heightPx: 720, fps: 16, frameCount: 33 };
const probe = (change: object, duration = '2.0625'): string =>
  JSON.stringify({ streams: [{ ...stream, ...change }], format: { duration } });

it('accepts what was ordered', () => {
  const facts = parseProbe(probe({}));
  expect(facts.ok && differencesFrom(expected, facts.value)).toEqual([]);
});

it.each<[string, object, string]>([
  ['another codec', { codec_name: 'mpeg4' }, 'codec mpeg4'],
  ['a lost frame', { nb_read_frames: '32' }, '32 frames'],
  ['another size', { width: 1278 }, '1278x720'],
  ['another rate', { r_frame_rate: '25/1' }, '25 fps'],
  ['missing colour tags', { color_space: undefined }, 'colours tagged tv/unknown'],
  ['full-range pixels', { pix_fmt: 'yuvj420p' }, 'pixels yuvj420p'],
])('finds %s', (_name, change, words) => {
  const facts = parseProbe(probe(change));
  expect(facts.ok && differencesFrom(expected, facts.value).join()).toContain(words);
});

it('finds a wrong duration', () => {
  const facts = parseProbe(probe({}, '9'));
  expect(facts.ok && differencesFrom(expected, facts.value).join()).toContain('9 s instead of');
});

it.each(['', '{', '{}', '{"streams":[],"format":{"duration":"1"}}', probe({ r_frame_rate: '16/0' })])(
  'refuses %j',
  (text) => {
    expect(parseProbe(text).ok).toBe(false);
  },
);
