import type { SizePx } from './framing.ts';
import { LEVEL } from './h264-pcm.ts';

type Part = Uint8Array;

const join = (parts: readonly Part[]): Uint8Array => {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
};
const u8 = (...values: readonly number[]): Part => Uint8Array.from(values);
const u16 = (...values: readonly number[]): Part => join(values.map((value) => u8((value >> 8) & 255, value & 255)));
const u32 = (...values: readonly number[]): Part =>
  join(values.map((value) => u8((value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255)));
const ascii = (text: string): Part => Uint8Array.from(text, (character) => character.charCodeAt(0) & 255);
const zeros = (count: number): Part => new Uint8Array(count);
const box = (name: string, ...parts: readonly Part[]): Part => {
  const body = join(parts);
  return join([u32(body.length + 8), ascii(name), body]);
};
const UNITY_MATRIX = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);

export interface TrackFacts extends SizePx {
  readonly fps: number;
  readonly sequence: Uint8Array;
  readonly picture: Uint8Array;
  /** Bytes of each frame, its length before it included. */
  readonly frameBytes: readonly number[];
  readonly title: string;
  readonly comment: string;
}

/** Ticks a second, so fine that any usual frame rate has a whole number of them a frame. */
const TIME_SCALE = 24_000;

/** All that comes before the pictures of an MP4, index first. The pictures follow at once, each with four bytes of its length. */
export function mp4Head(track: TrackFacts): Uint8Array {
  const fileType = box('ftyp', ascii('isom'), u32(0x200), ascii('isomiso2avc1mp41'));
  // The index holds the place of the pictures, which depends on its own length: that does not depend on the place.
  const length = fileType.length + movie(track, 0).length + 8;
  const dataBytes = track.frameBytes.reduce((sum, bytes) => sum + bytes, 0);
  return join([fileType, movie(track, length), u32(dataBytes + 8), ascii('mdat')]);
}

function movie(track: TrackFacts, dataAt: number): Part {
  const { widthPx, heightPx, fps, frameBytes } = track;
  const frameTicks = Math.round(TIME_SCALE / fps);
  const ticks = frameTicks * frameBytes.length;
  const movieHead = box(
    'mvhd',
    u32(0, 0, 0, TIME_SCALE, ticks, 0x10000),
    u16(0x100, 0),
    zeros(8),
    UNITY_MATRIX,
    zeros(24),
    u32(2),
  );
  const trackHead = box(
    'tkhd',
    u32(3, 0, 0, 1, 0, ticks),
    zeros(8),
    u16(0, 0, 0, 0),
    UNITY_MATRIX,
    u32(widthPx * 65_536, heightPx * 65_536),
  );
  const mediaHead = box('mdhd', u32(0, 0, 0, TIME_SCALE, ticks), u16(0x55c4, 0));
  const handler = box('hdlr', u32(0, 0), ascii('vide'), zeros(12), ascii('VideoHandler'), u8(0));
  const data = box('dinf', box('dref', u32(0, 1), box('url ', u32(1))));
  const samples = box(
    'stbl',
    sampleDescription(track),
    box('stts', u32(0, 1, frameBytes.length, frameTicks)),
    box('stsc', u32(0, 1, 1, frameBytes.length, 1)),
    box('stsz', u32(0, 0, frameBytes.length), u32(...frameBytes)),
    box('stco', u32(0, 1, dataAt)),
  );
  const media = box('mdia', mediaHead, handler, box('minf', box('vmhd', u32(1, 0, 0)), data, samples));
  return box('moov', movieHead, box('trak', trackHead, media), userData(track));
}

function sampleDescription({ widthPx, heightPx, sequence, picture }: TrackFacts): Part {
  const configuration = box(
    'avcC',
    u8(1, sequence[1] ?? 0, sequence[2] ?? 0, LEVEL, 0xff, 0xe1),
    ...[u16(sequence.length), sequence, u8(1), u16(picture.length), picture],
  );
  const colour = box('colr', ascii('nclx'), u16(1, 1, 1), u8(0));
  const visual = join([
    zeros(6),
    u16(1),
    zeros(16),
    u16(widthPx, heightPx),
    u32(0x480000, 0x480000, 0),
    u16(1),
    zeros(32),
    u16(24, 0xffff),
  ]);
  return box('stsd', u32(0, 1), box('avc1', visual, configuration, colour));
}

/** Title and comment where iTunes, and so everybody, looks for them. */
function userData({ title, comment }: TrackFacts): Part {
  const tag = (name: readonly number[], text: string): Part => {
    const value = box('data', u32(1, 0), new Uint8Array(utf8(text)));
    return join([u32(value.length + 8), u8(...name), value]);
  };
  const list = box('ilst', tag([0xa9, 0x6e, 0x61, 0x6d], title), tag([0xa9, 0x63, 0x6d, 0x74], comment));
  const handler = box('hdlr', u32(0, 0), ascii('mdirappl'), zeros(9));
  return box('udta', box('meta', u32(0), handler, list));
}

function utf8(text: string): readonly number[] {
  return Array.from(text.toWellFormed()).flatMap((character) => {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) return [code];
    if (code < 0x800) return [0xc0 | (code >> 6), 0x80 | (code & 63)];
    if (code < 0x10000) return [0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63)];
    return [0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63)];
  });
}
