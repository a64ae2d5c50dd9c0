import type { Work } from '../base/work.ts';
import type { SizePx } from './framing.ts';

/**
 * H.264 without an encoder: every macroblock carries its samples as they are (I_PCM). Large, and read by every decoder: for
 * when there is no ffmpeg to make a smaller one.
 *
 * @see ITU-T H.264, 7.3 (syntax) and 9.1 (Exp-Golomb codes)
 */
const BLOCK = 16;
const PROFILE_BASELINE = 66;
/** Constrained: any decoder of any profile takes it. */
const CONSTRAINTS = 0xe0;
/** Samples as they are need the bit rate of a high level. */
export const LEVEL = 51;

/** One picture, 4:2:0, limited range; planes are padded to whole macroblocks. */
export interface Planes {
  readonly luma: Uint8Array;
  readonly blue: Uint8Array;
  readonly red: Uint8Array;
}

export const blocksOf = ({ widthPx, heightPx }: SizePx): { readonly columns: number; readonly rows: number } => ({
  columns: Math.ceil(widthPx / BLOCK),
  rows: Math.ceil(heightPx / BLOCK),
});

class BitWriter {
  readonly #bytes: number[] = [];
  #bits = 0;
  #byte = 0;

  /** @param count  at most 32 bits of `value` */
  put(value: number, count: number): this {
    for (let bit = count - 1; bit >= 0; bit -= 1) {
      this.#byte = (this.#byte << 1) | (Math.floor(value / 2 ** bit) % 2);
      this.#bits += 1;
      if (this.#bits < 8) continue;
      this.#bytes.push(this.#byte);
      this.#bits = 0;
      this.#byte = 0;
    }
    return this;
  }

  /** ue(v): the unsigned Exp-Golomb code. */
  golomb(value: number): this {
    const length = Math.floor(Math.log2(value + 1));
    return this.put(0, length).put(value + 1, length + 1);
  }

  alignWithZeros(): this {
    while (this.#bits > 0) this.put(0, 1);
    return this;
  }

  /** A stop bit, then zeros to the end of the byte. */
  finish(): Uint8Array {
    this.put(1, 1).alignWithZeros();
    return Uint8Array.from(this.#bytes);
  }

  aligned(): Uint8Array {
    this.alignWithZeros();
    return Uint8Array.from(this.#bytes);
  }
}

/** Sequence parameters: size, frame rate, BT.709 in limited range. */
export function sequenceParameters(size: SizePx, fps: number): Uint8Array {
  const { columns, rows } = blocksOf(size);
  const cropRight = (columns * BLOCK - size.widthPx) / 2;
  const cropBottom = (rows * BLOCK - size.heightPx) / 2;
  const bits = new BitWriter()
    .put(0x67, 8)
    .put(PROFILE_BASELINE, 8)
    .put(CONSTRAINTS, 8)
    .put(LEVEL, 8)
    .golomb(0) // seq_parameter_set_id
    .golomb(0) // log2_max_frame_num_minus4
    .golomb(2) // pic_order_cnt_type: pictures come in the order in which they are shown
    .golomb(0) // max_num_ref_frames
    .put(0, 1)
    .golomb(columns - 1)
    .golomb(rows - 1)
    .put(1, 1) // frame_mbs_only
    .put(1, 1); // direct_8x8_inference
  if (cropRight > 0 || cropBottom > 0) bits.put(1, 1).golomb(0).golomb(cropRight).golomb(0).golomb(cropBottom);
  else bits.put(0, 1);
  const ticks = 1_000;
  return withEscapes(
    bits
      .put(1, 1) // vui_parameters_present
      .put(0, 1) // aspect_ratio_info
      .put(0, 1) // overscan_info
      .put(1, 1) // video_signal_type: component, limited range, with a description
      .put(5, 3)
      .put(0, 1)
      .put(1, 1)
      .put(1, 8)
      .put(1, 8)
      .put(1, 8)
      .put(0, 1) // chroma_loc_info
      .put(1, 1) // timing_info
      .put(ticks, 32)
      .put(Math.round(2 * fps * ticks), 32)
      .put(1, 1)
      .put(0, 1) // nal_hrd
      .put(0, 1) // vcl_hrd
      .put(0, 1) // pic_struct
      .put(0, 1) // bitstream_restriction
      .finish(),
  );
}

export const pictureParameters = (): Uint8Array =>
  new BitWriter()
    .put(0x68, 8)
    .golomb(0)
    .golomb(0)
    .put(0, 1) // CAVLC
    .put(0, 1)
    .golomb(0)
    .golomb(0)
    .golomb(0)
    .put(0, 1)
    .put(0, 2)
    .golomb(0)
    .golomb(0)
    .golomb(0)
    .put(1, 1) // deblocking_filter_control_present
    .put(0, 1)
    .put(0, 1)
    .finish();

/** One picture as a unit that stands by itself. */
export function* pictureUnit({ luma, blue, red }: Planes, size: SizePx, number: number): Work<Uint8Array> {
  const { columns, rows } = blocksOf(size);
  const head = new BitWriter()
    .put(0x65, 8)
    .golomb(0) // first_mb_in_slice
    .golomb(7) // an I slice, like all of this picture
    .golomb(0)
    .put(0, 4) // frame_num
    .golomb(number % 2) // idr_pic_id: differs from the one before
    .put(0, 2) // dec_ref_pic_marking
    .golomb(0) // slice_qp_delta
    .golomb(1) // no deblocking
    .golomb(25) // I_PCM
    .aligned();
  // Later macroblocks begin on a byte: their type fills nine bits, zeros the rest of two bytes.
  const out = new Uint8Array(head.length + columns * rows * 386 - 2 + 1);
  out.set(head);
  let at = head.length;
  const lumaWidth = columns * BLOCK;
  const copy = (plane: Uint8Array, width: number, side: number, row: number, column: number): void => {
    for (let y = 0; y < side; y += 1, at += side) {
      const from = (row * side + y) * width + column * side;
      out.set(plane.subarray(from, from + side), at);
    }
  };
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      if (row > 0 || column > 0) {
        out[at] = 0x0d;
        out[at + 1] = 0;
        at += 2;
      }
      copy(luma, lumaWidth, 16, row, column);
      copy(blue, lumaWidth / 2, 8, row, column);
      copy(red, lumaWidth / 2, 8, row, column);
    }
    yield;
  }
  out[at] = 0x80;
  return withEscapes(out);
}

/** Two zeros and a byte below four would look like a mark of the stream: a three is put between. */
function withEscapes(unit: Uint8Array): Uint8Array {
  let zeros = 0;
  const places: number[] = [];
  for (let i = 0; i < unit.length; i += 1) {
    const byte = unit[i] as number;
    if (zeros >= 2 && byte <= 3) {
      places.push(i);
      zeros = 0;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
  }
  if (places.length === 0) return unit;
  const out = new Uint8Array(unit.length + places.length);
  let from = 0;
  places.forEach((place, count) => {
    out.set(unit.subarray(from, place), from + count);
    out[place + count] = 3;
    from = place;
  });
  out.set(unit.subarray(from), from + places.length);
  return out;
}
