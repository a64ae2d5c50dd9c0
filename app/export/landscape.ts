import type { Work } from '../base/work.ts';
import { lampAt, lightAt, skyAt, type Lamp, type Light } from './daylight.ts';
import type { SizePx } from './framing.ts';
import { bell, clamp01, ditherOfRow, lots, mix, mixRgb, smooth, type Rgb } from './paint.ts';
import { CLOUD_SIDE, cloudField, hillRanges, HORIZON_RATIO, SHORE_RATIO, type Range } from './terrain.ts';

interface Star {
  readonly x: number;
  readonly y: number;
  readonly bright: number;
  readonly phase: number;
}

/** How far the view moves over the clip, as a ratio of the picture's width, for what is nearest. */
const PAN_RATIO = 0.12;
const STAR_COUNT = 260;

/** A day over hills and a lake, from dawn to night, seen from a bank: what a clip is shown as that could not be made. */
export class Landscape {
  readonly #size: SizePx;
  /** [heightPx, widthPx, 3]; every frame covers all of it. */
  readonly #canvas: Float32Array;
  readonly #ranges: readonly Range[];
  readonly #clouds: Float32Array;
  readonly #stars: readonly Star[];
  readonly #vignette: { readonly across: Float32Array; readonly down: Float32Array };

  /** @param seed  the same seed paints the same place */
  static *of(size: SizePx, seed: number): Work<Landscape> {
    return new Landscape(size, seed, yield* cloudField(seed + 3));
  }

  private constructor(size: SizePx, seed: number, clouds: Float32Array) {
    this.#size = size;
    this.#canvas = new Float32Array(size.widthPx * size.heightPx * 3);
    this.#ranges = hillRanges(size, seed);
    this.#clouds = clouds;
    const draw = lots(seed + 9);
    this.#stars = Array.from({ length: STAR_COUNT }, () => ({
      x: draw(),
      y: draw() ** 1.3 * HORIZON_RATIO,
      bright: 0.25 + 0.75 * draw() ** 4,
      phase: draw() * 2 * Math.PI,
    }));
    const edge = (length: number): Float32Array =>
      Float32Array.from({ length }, (_, i) => 1 - 0.16 * (2 * (i / Math.max(1, length - 1)) - 1) ** 4);
    // Darker below, where the words are.
    const down = edge(size.heightPx).map((dim, y) => dim * (1 - 0.42 * smooth((y / size.heightPx - 0.52) / 0.45)));
    this.#vignette = { across: edge(size.widthPx), down };
  }

  /** @returns [heightPx, widthPx, 3], full-range RGB */
  *paint(frame: number, frameCount: number): Work<Uint8Array> {
    const time = frameCount > 1 ? frame / (frameCount - 1) : 0.55;
    const light = lightAt(time);
    const lamp = lampAt(time);
    const { heightPx } = this.#size;
    const rgb = this.#canvas;
    yield* this.#paintSky(rgb, light, lamp, time);
    this.#paintStars(rgb, light, time);
    yield* this.#paintLamp(rgb, lamp);
    yield* this.#paintClouds(rgb, light, lamp, time);
    const [bank, ...farther] = this.#ranges.toReversed();
    for (const range of farther.toReversed()) yield* this.#paintRange(rgb, range, light, time, SHORE_RATIO * heightPx);
    yield* this.#paintLake(rgb, light, time);
    if (bank) yield* this.#paintRange(rgb, bank, light, time, heightPx);
    return yield* this.#finish(rgb);
  }

  *#paintSky(rgb: Float32Array, light: Light, lamp: Lamp, time: number): Work<void> {
    const { widthPx, heightPx } = this.#size;
    const horizonPx = HORIZON_RATIO * heightPx;
    const wide = bell(widthPx, lamp.x * widthPx, 0.34 * widthPx);
    const wideDown = bell(heightPx, Math.min(lamp.y, HORIZON_RATIO) * heightPx, 0.3 * heightPx);
    const strength = lamp.strength * (time < 0.76 ? 0.9 : 0.7);
    const [red, green, blue] = lamp.glow;
    for (let y = 0, at = 0; y < SHORE_RATIO * heightPx; y += 1) {
      const [skyRed, skyGreen, skyBlue] = skyAt(light, clamp01(y / horizonPx));
      const down = (wideDown[y] as number) * strength;
      for (let x = 0; x < widthPx; x += 1, at += 3) {
        const glow = down * (wide[x] as number);
        // Light is added to what is left to white, so that nothing burns out.
        rgb[at] = skyRed + red * glow * (1 - skyRed / 270);
        rgb[at + 1] = skyGreen + green * glow * (1 - skyGreen / 270);
        rgb[at + 2] = skyBlue + blue * glow * (1 - skyBlue / 270);
      }
      yield;
    }
  }

  #paintStars(rgb: Float32Array, { stars: shown }: Light, time: number): void {
    if (shown <= 0) return;
    const { widthPx, heightPx } = this.#size;
    const sizePx = Math.max(0.6, heightPx / 900);
    for (const { x, y, bright, phase } of this.#stars) {
      const fade = 1 - smooth((y / HORIZON_RATIO - 0.55) / 0.45);
      const glow = 210 * shown * bright * fade * (0.8 + 0.2 * Math.sin(phase + 40 * time));
      // The sky turns a little.
      this.#dot(rgb, ((x + 0.03 * time) % 1) * widthPx, y * heightPx, sizePx * (0.7 + bright * 0.8), [
        glow,
        glow,
        glow * 1.08,
      ]);
    }
  }

  *#paintLamp(rgb: Float32Array, { x, y, radius, disc, glow, strength }: Lamp): Work<void> {
    const { widthPx, heightPx } = this.#size;
    if (strength <= 0) return;
    const [centreX, centreY, radiusPx] = [x * widthPx, y * heightPx, radius * heightPx];
    const reachPx = radiusPx * 7;
    const halo: Rgb = [glow[0] * 1.1 * strength, glow[1] * 1.1 * strength, glow[2] * 1.1 * strength];
    const bottom = Math.min(heightPx * SHORE_RATIO, centreY + reachPx);
    for (let row = Math.max(0, Math.floor(centreY - reachPx)); row < bottom; row += 1) {
      for (
        let column = Math.max(0, Math.floor(centreX - reachPx));
        column < Math.min(widthPx, centreX + reachPx);
        column += 1
      ) {
        const distancePx = Math.hypot(column - centreX, row - centreY);
        if (distancePx > reachPx) continue;
        const at = (row * widthPx + column) * 3;
        const soft = (1 - distancePx / reachPx) ** 3;
        const solid = clamp01(radiusPx - distancePx + 0.5) * strength;
        for (let colour = 0; colour < 3; colour += 1) {
          const former = rgb[at + colour] as number;
          const lit = former + (halo[colour] as number) * soft * (1 - former / 270);
          rgb[at + colour] = mix(lit, Math.max(lit, disc[colour] as number), solid);
        }
      }
      yield;
    }
  }

  *#paintClouds(rgb: Float32Array, light: Light, lamp: Lamp, time: number): Work<void> {
    const { widthPx, heightPx } = this.#size;
    const horizonPx = HORIZON_RATIO * heightPx;
    const line = new Float32Array(CLOUD_SIDE + 1);
    const near = bell(widthPx, lamp.x * widthPx, 0.22 * widthPx);
    const lit = mixRgb(light.cloud, lamp.disc, 0.55 * lamp.strength);
    for (let y = 0; y < horizonPx; y += 1) {
      // The farther towards the horizon, the smaller and the closer together they are.
      const depth = 0.16 + (1 - y / horizonPx) * 0.9;
      const scale = 0.34 / depth;
      const v = ((scale * 620 + time * 26) % CLOUD_SIDE) + CLOUD_SIDE;
      const top = Math.floor(v) % CLOUD_SIDE;
      const down = v - Math.floor(v);
      const [upper, lower] = [top * CLOUD_SIDE, ((top + 1) % CLOUD_SIDE) * CLOUD_SIDE];
      for (let i = 0; i <= CLOUD_SIDE; i += 1) {
        const j = i % CLOUD_SIDE;
        line[i] = (this.#clouds[upper + j] as number) * (1 - down) + (this.#clouds[lower + j] as number) * down;
      }
      const stepU = (scale * 300) / widthPx;
      const haze = smooth((1 - y / horizonPx) * 5) * (0.55 + 0.35 * smooth((y / horizonPx) * 2));
      let u = CLOUD_SIDE * 4 + time * 90 - (stepU * widthPx) / 2;
      for (let x = 0, at = y * widthPx * 3; x < widthPx; x += 1, at += 3, u += stepU) {
        const left = Math.floor(u);
        const i = left & (CLOUD_SIDE - 1);
        const density = (line[i] as number) + ((line[i + 1] as number) - (line[i] as number)) * (u - left);
        const raw = (density - 0.5) * 5.5;
        if (raw <= 0) continue;
        const cover = (raw < 1 ? raw * raw * (3 - 2 * raw) : 1) * haze;
        // Thick parts are darker below, and lit by what shines behind them at their edges.
        const shade = 1 - 0.24 * (raw > 1 ? Math.min(1, (raw - 1) * 0.9) : 0);
        const warm = (near[x] as number) * 0.8;
        rgb[at] = mix(rgb[at] as number, mix(light.cloud[0], lit[0], warm) * shade, cover);
        rgb[at + 1] = mix(rgb[at + 1] as number, mix(light.cloud[1], lit[1], warm) * shade, cover);
        rgb[at + 2] = mix(rgb[at + 2] as number, mix(light.cloud[2], lit[2], warm) * shade, cover);
      }
      yield;
    }
  }

  *#paintRange(
    rgb: Float32Array,
    { ridge, nearness }: Range,
    light: Light,
    time: number,
    bottomPx: number,
  ): Work<void> {
    const { widthPx, heightPx } = this.#size;
    const haze = mixRgb(light.horizon, light.middle, 0.45);
    const colour = mixRgb(mixRgb(light.ground, haze, 0.78 * (1 - nearness) ** 1.3), [6, 9, 16], 0.62 * nearness ** 1.5);
    const mist = mixRgb(colour, haze, nearness === 1 ? 0.04 : 0.5);
    const shift = PAN_RATIO * widthPx * nearness * time;
    const whole = Math.floor(shift);
    const part = shift - whole;
    const tops = Float32Array.from({ length: widthPx }, (_, x) => {
      const i = (x + whole) % ridge.length;
      return mix(ridge[i] as number, ridge[(i + 1) % ridge.length] as number, part);
    });
    const first = Math.max(0, Math.floor(tops.reduce((low, top) => Math.min(low, top), heightPx)));
    const deepPx = 0.16 * heightPx;
    for (let y = first; y < bottomPx; y += 1) {
      for (let x = 0, at = y * widthPx * 3; x < widthPx; x += 1, at += 3) {
        const below = y + 1 - (tops[x] as number);
        if (below <= 0) continue;
        const fog = Math.min(1, below / deepPx);
        const cover = below < 1 ? below : 1;
        rgb[at] = mix(rgb[at] as number, mix(colour[0], mist[0], fog), cover);
        rgb[at + 1] = mix(rgb[at + 1] as number, mix(colour[1], mist[1], fog), cover);
        rgb[at + 2] = mix(rgb[at + 2] as number, mix(colour[2], mist[2], fog), cover);
      }
      yield;
    }
  }

  /** What stands on the shore, upside down, darker, and moved by small waves that grow towards the viewer. */
  *#paintLake(rgb: Float32Array, light: Light, time: number): Work<void> {
    const { widthPx, heightPx } = this.#size;
    const shore = Math.floor(SHORE_RATIO * heightPx);
    const water = mixRgb(light.zenith, [8, 18, 34], 0.5);
    for (let y = shore; y < heightPx; y += 1) {
      const depth = (y - shore) / Math.max(1, heightPx - shore);
      const wave = Math.sin(y * (46 / heightPx) * (2 - depth) * Math.PI + time * 60);
      const mirrored = Math.max(
        0,
        Math.min(shore - 1, Math.round(shore - 1 - (y - shore) * 1.7 - wave * depth * 5 * (heightPx / 720))),
      );
      const shiftPx = Math.round(wave * (1 + depth * 6) * (heightPx / 720));
      const tint = 0.26 + 0.4 * depth;
      const gleam = 1 + 0.07 * wave;
      for (let x = 0, at = y * widthPx * 3; x < widthPx; x += 1, at += 3) {
        const column = Math.max(0, Math.min(widthPx - 1, x + shiftPx));
        const from = (mirrored * widthPx + column) * 3;
        rgb[at] = mix((rgb[from] as number) * gleam, water[0], tint);
        rgb[at + 1] = mix((rgb[from + 1] as number) * gleam, water[1], tint);
        rgb[at + 2] = mix((rgb[from + 2] as number) * gleam, water[2], tint);
      }
      yield;
    }
  }

  #dot(rgb: Float32Array, x: number, y: number, radiusPx: number, colour: Rgb): void {
    const { widthPx, heightPx } = this.#size;
    for (let row = Math.max(0, Math.floor(y - radiusPx - 1)); row <= Math.min(heightPx - 1, y + radiusPx + 1); row += 1)
      for (
        let column = Math.max(0, Math.floor(x - radiusPx - 1));
        column <= Math.min(widthPx - 1, x + radiusPx + 1);
        column += 1
      ) {
        const cover = clamp01(radiusPx - Math.hypot(column - x, row - y) + 0.6);
        const at = (row * widthPx + column) * 3;
        for (let i = 0; i < 3; i += 1) rgb[at + i] = (rgb[at + i] as number) + (colour[i] as number) * cover;
      }
  }

  *#finish(rgb: Float32Array): Work<Uint8Array> {
    const { widthPx, heightPx } = this.#size;
    const bytes = new Uint8ClampedArray(rgb.length);
    for (let y = 0, at = 0; y < heightPx; y += 1) {
      const dither = ditherOfRow(y);
      const down = this.#vignette.down[y] as number;
      for (let x = 0; x < widthPx; x += 1, at += 3) {
        const dim = down * (this.#vignette.across[x] as number);
        // A clamped array rounds; the half level of the dither is for those that cut.
        const add = dither[(x & 3) as 0 | 1 | 2 | 3] - 0.5;
        bytes[at] = (rgb[at] as number) * dim + add;
        bytes[at + 1] = (rgb[at + 1] as number) * dim + add;
        bytes[at + 2] = (rgb[at + 2] as number) * dim + add;
      }
      yield;
    }
    return new Uint8Array(bytes.buffer);
  }
}
