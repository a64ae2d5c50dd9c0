/**
 * The inner loop of PSNR and SSIM with 16 pixels at a time: WebAssembly's vectors, put together here byte by byte, because a compiler in the build for sixty instructions
 * would be more than the instructions are. `block-sums.ts` has the same loop in plain words, which is what runs where there are no vectors.
 */

/** What is used of the global that no library of this folder declares. */
declare const WebAssembly:
  | {
      validate: (bytes: Uint8Array) => boolean;
      Module: new (bytes: Uint8Array) => object;
      Instance: new (module: object) => { readonly exports: unknown };
    }
  | undefined;

export interface BlockKernel {
  /** Four rows of one picture, then four of the other, each `strideBytes` long; then the four sums of all blocks, one array after the other. */
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly run: () => void;
}

const PAGE_BYTES = 65_536;
const ROWS = 4;
/** Places of the sums behind the rows, in strides: a block of four pixels has four bytes of each sum. */
export const SUM_PLACES = { a: 8, b: 9, squares: 10, product: 11 } as const;
const STRIDES = 12;
export const VECTOR_BYTES = 16;

/** @returns  null where this machine's JavaScript has no vectors */
export function blockKernel(strideBytes: number): BlockKernel | null {
  const bytes = moduleBytes(strideBytes);
  if (typeof WebAssembly === 'undefined' || !WebAssembly.validate(bytes)) return null;
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  return exports as BlockKernel;
}

/** LEB128, as all whole numbers of the format are written. */
function whole(value: number): readonly number[] {
  const low = value & 0x7f;
  const rest = value >>> 7;
  return rest === 0 ? [low] : [low | 0x80, ...whole(rest)];
}
/** The same with a sign bit, for constants that are never negative. */
function positive(value: number): readonly number[] {
  const low = value & 0x7f;
  const rest = value >>> 7;
  return rest === 0 && low < 0x40 ? [low] : [low | 0x80, ...positive(rest)];
}
const counted = (items: readonly (readonly number[])[]): readonly number[] => [...whole(items.length), ...items.flat()];
const sized = (bytes: readonly number[]): readonly number[] => [...whole(bytes.length), ...bytes];
const section = (id: number, content: readonly number[]): readonly number[] => [id, ...sized(content)];
const text = (name: string): readonly number[] => sized([...name].map((letter) => letter.charCodeAt(0)));

const vector = (code: number, ...rest: readonly number[]): readonly number[] => [0xfd, ...whole(code), ...rest];
const [I32, V128] = [0x7f, 0x7b];
const get = (local: number): readonly number[] => [0x20, ...whole(local)];
const set = (local: number): readonly number[] => [0x21, ...whole(local)];
const constant = (value: number): readonly number[] => [0x41, ...positive(value)];
const add = [0x6a] as const;
const lessThan = [0x49] as const;

const load = (offset: number): readonly number[] => [...get(LOCAL.x), ...vector(0, 0, ...whole(offset))];
const lowHalf = vector(137);
const highHalf = vector(138);
const pairsOfBytes = vector(125);
const pairsOfShorts = vector(127);
const addSums = vector(174);
const products = vector(186);
/** Every second number of two vectors: the even ones, or the odd ones. */
const everySecond = (first: number): readonly number[] =>
  vector(13, ...Array.from({ length: 16 }, (_, i) => Math.floor(i / 4) * 8 + first * 4 + (i % 4)));

/** Where the loop is, the two pictures' pixels, whole and in halves, and the sums: of the two, squares and products by halves. */
const LOCAL = {
  x: 0,
  a: 1,
  b: 2,
  aLow: 3,
  aHigh: 4,
  bLow: 5,
  bHigh: 6,
  sumA: 7,
  sumB: 8,
  squaresLow: 9,
  squaresHigh: 10,
  productLow: 11,
  productHigh: 12,
} as const;
const SUMS = [LOCAL.sumA, LOCAL.sumB, LOCAL.squaresLow, LOCAL.squaresHigh, LOCAL.productLow, LOCAL.productHigh];

function moduleBytes(strideBytes: number): Uint8Array {
  const zero = vector(12, ...Array.from({ length: 16 }, () => 0));
  const addTo = (sum: number, value: readonly number[]): readonly number[] => [
    ...get(sum),
    ...value,
    ...addSums,
    ...set(sum),
  ];
  const half = (of: number, code: readonly number[], to: number): readonly number[] => [
    ...get(of),
    ...code,
    ...set(to),
  ];
  const product = (one: number, other: number): readonly number[] => [...get(one), ...get(other), ...products];
  const row = (r: number): readonly number[] => [
    ...[...load(r * strideBytes), ...set(LOCAL.a)],
    ...[...load((ROWS + r) * strideBytes), ...set(LOCAL.b)],
    ...addTo(LOCAL.sumA, [...get(LOCAL.a), ...pairsOfBytes, ...pairsOfShorts]),
    ...addTo(LOCAL.sumB, [...get(LOCAL.b), ...pairsOfBytes, ...pairsOfShorts]),
    ...half(LOCAL.a, lowHalf, LOCAL.aLow),
    ...half(LOCAL.a, highHalf, LOCAL.aHigh),
    ...half(LOCAL.b, lowHalf, LOCAL.bLow),
    ...half(LOCAL.b, highHalf, LOCAL.bHigh),
    ...addTo(LOCAL.squaresLow, [...product(LOCAL.aLow, LOCAL.aLow), ...product(LOCAL.bLow, LOCAL.bLow), ...addSums]),
    ...addTo(LOCAL.squaresHigh, [
      ...product(LOCAL.aHigh, LOCAL.aHigh),
      ...product(LOCAL.bHigh, LOCAL.bHigh),
      ...addSums,
    ]),
    ...addTo(LOCAL.productLow, product(LOCAL.aLow, LOCAL.bLow)),
    ...addTo(LOCAL.productHigh, product(LOCAL.aHigh, LOCAL.bHigh)),
  ];
  const store = (place: number, value: readonly number[]): readonly number[] => [
    ...get(LOCAL.x),
    ...value,
    ...vector(11, 0, ...whole(place * strideBytes)),
  ];
  /** Two neighbours of the low half, then of the high one, make a block each. */
  const joined = (low: number, high: number): readonly number[] => [
    ...[...get(low), ...get(high), ...everySecond(0)],
    ...[...get(low), ...get(high), ...everySecond(1)],
    ...addSums,
  ];
  const loop = [
    ...[0x03, 0x40],
    ...SUMS.flatMap((sum) => [...zero, ...set(sum)]),
    ...Array.from({ length: ROWS }, (_, r) => row(r)).flat(),
    ...store(SUM_PLACES.a, get(LOCAL.sumA)),
    ...store(SUM_PLACES.b, get(LOCAL.sumB)),
    ...store(SUM_PLACES.squares, joined(LOCAL.squaresLow, LOCAL.squaresHigh)),
    ...store(SUM_PLACES.product, joined(LOCAL.productLow, LOCAL.productHigh)),
    ...[...get(LOCAL.x), ...constant(VECTOR_BYTES), ...add, ...set(LOCAL.x)],
    ...[...get(LOCAL.x), ...constant(strideBytes), ...lessThan, 0x0d, 0x00],
    0x0b,
  ];
  const locals = counted([
    [...whole(1), I32],
    [...whole(12), V128],
  ]);
  const pages = Math.ceil((STRIDES * strideBytes) / PAGE_BYTES);
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, counted([[0x60, 0x00, 0x00]])),
    ...section(3, counted([[0x00]])),
    ...section(5, counted([[0x00, ...whole(pages)]])),
    ...section(
      7,
      counted([
        [...text('run'), 0x00, 0x00],
        [...text('memory'), 0x02, 0x00],
      ]),
    ),
    ...section(10, counted([sized([...locals, ...loop, 0x0b])])),
  ]);
}
