import { z } from 'zod';

import { err, ok, type Result } from '../base/result.ts';

/** What is read from a finished file, every frame of it decoded. */
export interface ClipFacts {
  readonly readBy: 'ffprobe' | 'ffmpeg';
  readonly codec: string;
  readonly pixelFormat: string;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly fps: number;
  readonly frameCount: number;
  readonly durationSeconds: number;
  /** range, space, transfer, primaries */
  readonly colour: readonly string[];
}

export interface ClipExpectation {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly fps: number;
  readonly frameCount: number;
}

const fraction = z
  .string()
  .regex(/^\d+\/[1-9]\d*$/)
  .transform((text) => {
    const [over = 0, under = 1] = text.split('/').map(Number);
    return over / under;
  });
const probeOutput = z.object({
  streams: z.tuple([
    z.object({
      codec_name: z.string(),
      pix_fmt: z.string(),
      width: z.int(),
      height: z.int(),
      r_frame_rate: fraction,
      nb_read_frames: z.string().transform(Number),
      color_range: z.string().default('unknown'),
      color_space: z.string().default('unknown'),
      color_transfer: z.string().default('unknown'),
      color_primaries: z.string().default('unknown'),
    }),
  ]),
  format: z.object({ duration: z.string().transform(Number) }),
});

/** ffprobe's arguments for the facts of exactly one video stream; counting frames decodes them all. */
export const probeArguments = (url: string): readonly string[] => [
  ...['-v', 'error', '-protocol_whitelist', 'file', '-count_frames', '-select_streams', 'v'],
  ...['-show_entries', 'stream=codec_name,pix_fmt,width,height,r_frame_rate,nb_read_frames'],
  ...['-show_entries', 'stream=color_range,color_space,color_transfer,color_primaries:format=duration'],
  ...['-of', 'json', url],
];

export function parseProbe(text: string): Result<ClipFacts, string> {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return err('ffprobe gave no complete JSON');
  }
  const parsed = probeOutput.safeParse(raw);
  if (!parsed.success) return err(`ffprobe describes no video: ${z.prettifyError(parsed.error)}`);
  const [stream] = parsed.data.streams;
  return ok({
    readBy: 'ffprobe',
    codec: stream.codec_name,
    pixelFormat: stream.pix_fmt,
    widthPx: stream.width,
    heightPx: stream.height,
    fps: stream.r_frame_rate,
    frameCount: stream.nb_read_frames,
    durationSeconds: parsed.data.format.duration,
    colour: [stream.color_range, stream.color_space, stream.color_transfer, stream.color_primaries],
  });
}

/** ffmpeg's arguments for the same facts where there is no ffprobe: a line of standard output for each frame that it decodes. */
export const decodeArguments = (url: string): readonly string[] => [
  ...['-hide_banner', '-nostdin', '-nostats', '-v', 'info', '-protocol_whitelist', 'file,pipe'],
  ...['-i', url, '-map', '0:v:0', '-fps_mode', 'passthrough', '-f', 'framecrc', 'pipe:1'],
];

const INPUT_STREAM =
  /Stream #0:0.*?: Video: (?<codec>\w+).*?, (?<pixels>\w+)\((?<tags>[^)]*)\).*?, (?<width>\d+)x(?<height>\d+).*?, (?<fps>[\d.]+) fps/;
const TIME_BASE = /^#tb 0: (\d+)\/(\d+)$/m;

/**
 * @param frames  standard output of `decodeArguments`
 * @param said    what ffmpeg said of its input, on standard error
 */
export function parseDecoded(frames: string, said: string): Result<ClipFacts, string> {
  const stream = INPUT_STREAM.exec(said)?.groups;
  if (!stream) return err('ffmpeg describes no video');
  const [, over = 0, under = 1] = (TIME_BASE.exec(frames) ?? []).map(Number);
  const durations = [...frames.matchAll(/^0,\s*-?\d+,\s*-?\d+,\s*(\d+),/gm)].map(([, duration]) => Number(duration));
  // One word where space, transfer and primaries are the same, else all three.
  const [range = 'unknown', colours = 'unknown'] = (stream['tags'] ?? '').split(', ');
  const [space = 'unknown', primaries = space, transfer = space] = colours.split('/');
  return ok({
    readBy: 'ffmpeg',
    codec: stream['codec'] ?? '',
    pixelFormat: stream['pixels'] ?? '',
    widthPx: Number(stream['width']),
    heightPx: Number(stream['height']),
    fps: Number(stream['fps']),
    frameCount: durations.length,
    durationSeconds: (durations.reduce((sum, duration) => sum + duration, 0) * over) / under,
    colour: [range, space, transfer, primaries],
  });
}

const FPS_TOLERANCE_RATIO = 0.001;

/** Every way in which the file is not what was ordered, in words; none when it may be delivered. */
export function differencesFrom(expected: ClipExpectation, facts: ClipFacts): readonly string[] {
  const durationSeconds = expected.frameCount / expected.fps;
  const checks: readonly (readonly [string, boolean])[] = [
    [`codec ${facts.codec} instead of h264`, facts.codec === 'h264'],
    [`pixels ${facts.pixelFormat} instead of yuv420p`, facts.pixelFormat === 'yuv420p'],
    [
      `${facts.widthPx}x${facts.heightPx} instead of ${expected.widthPx}x${expected.heightPx}`,
      facts.widthPx === expected.widthPx && facts.heightPx === expected.heightPx,
    ],
    [`${facts.fps} fps instead of ${expected.fps}`, Math.abs(facts.fps / expected.fps - 1) <= FPS_TOLERANCE_RATIO],
    [`${facts.frameCount} frames instead of ${expected.frameCount}`, facts.frameCount === expected.frameCount],
    [
      `${facts.durationSeconds} s instead of ${durationSeconds}`,
      Math.abs(facts.durationSeconds - durationSeconds) <= 1 / expected.fps,
    ],
    [`colours tagged ${facts.colour.join('/')}`, facts.colour.join('/') === 'tv/bt709/bt709/bt709'],
  ];
  return checks.filter(([, isRight]) => !isRight).map(([difference]) => difference);
}
