import { z } from 'zod';

import { err, ok, type Result } from '../base/result.ts';
import { gradeName } from '../contract/name.ts';
import { LOCAL_ONLY } from '../export/recipe.ts';

/** What must be known of a video before its frames can be read. */
export interface FilmFacts {
  /** As ffmpeg hands the frames out: turned upright. */
  readonly widthPx: number;
  readonly heightPx: number;
  readonly fps: number;
  /** As the container claims; null where it doesn't. */
  readonly frameCount: number | null;
  /** A palette of few colours, mixed by dots. */
  readonly isDithered: boolean;
  /** It says of itself that it was rendered here from one prompt, so that it has no cuts, holds or grain of its own. */
  readonly isOneShot: boolean;
}

/** More than any screen or camera; a header may claim what it likes. */
const LARGEST_SIDE_PX = 16_384;
const LARGEST_PIXELS = 8_192 * 8_192;
const FALLBACK_FPS = 25;

const fraction = z.string().transform((text) => {
  const [over = 0, under = 0] = text.split('/').map(Number);
  const value = over / under;
  return Number.isFinite(value) && value > 0 && value <= 1_000 ? value : null;
});
const probeOutput = z.object({
  format: z.object({ tags: z.record(z.string(), z.string()).default({}) }).optional(),
  streams: z.array(
    z.object({
      codec_name: z.string().optional(),
      width: z.int().positive(),
      height: z.int().positive(),
      avg_frame_rate: fraction.default(null),
      r_frame_rate: fraction.default(null),
      nb_frames: z.string().regex(/^\d+$/).transform(Number).optional(),
      side_data_list: z.array(z.object({ rotation: z.number().optional() })).optional(),
    }),
  ),
});

export const filmProbeArguments = (url: string): readonly string[] => [
  ...['-v', 'error', ...LOCAL_ONLY, '-select_streams', 'v:0'],
  ...[
    '-show_entries',
    'stream=codec_name,width,height,avg_frame_rate,r_frame_rate,nb_frames:stream_side_data=rotation:format_tags',
  ],
  ...['-of', 'json', url],
];

/**
 * Raw yuv420p on standard output: the very planes that ffmpeg's own filters would see. The first error ends it; so frames are numbered anew, or two that
 * lie within one tick of the usual rate, as in films of changing rate, would be one.
 */
export const filmFrameArguments = (url: string): readonly string[] => [
  ...['-nostdin', '-v', 'error', '-xerror', ...LOCAL_ONLY, '-i', url],
  ...['-map', '0:v:0', '-an', '-sn', '-dn', '-vf', 'settb=1,setpts=N*1000', '-fps_mode', 'passthrough'],
  ...['-pix_fmt', 'yuv420p', '-f', 'rawvideo', '-'],
];

export function parseFilmProbe(text: string): Result<FilmFacts, string> {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return err('it is no video that can be read');
  }
  const parsed = probeOutput.safeParse(raw);
  const stream = parsed.data?.streams[0];
  if (!parsed.success || !stream) return err('it holds no video');
  const {
    width,
    height,
    avg_frame_rate: average,
    r_frame_rate: claimed,
    nb_frames: frameCount = null,
    codec_name,
  } = stream;
  if (Math.max(width, height) > LARGEST_SIDE_PX || width * height > LARGEST_PIXELS)
    return err(`its frames are ${width}x${height}; the largest that are read are ${LARGEST_SIDE_PX} on a side`);
  const turn = stream.side_data_list?.find(({ rotation }) => rotation !== undefined)?.rotation ?? 0;
  const isTurned = Math.abs(Math.round(turn / 90)) % 2 === 1;
  const [widthPx, heightPx] = isTurned ? [height, width] : [width, height];
  return ok({
    widthPx,
    heightPx,
    fps: average ?? claimed ?? FALLBACK_FPS,
    frameCount: frameCount === 0 ? null : frameCount,
    isDithered: codec_name === 'gif',
    isOneShot: isRenderedHere(parsed.data.format?.tags ?? {}),
  });
}

/** What `provenanceOf` leaves in a clip. */
const provenance = z.object({ program: z.literal('steadyframe'), grade: gradeName });
/** Of the others some show a picture, or one from elsewhere. */
const RENDERED_GRADES: readonly string[] = ['full', 'repaired', 'degraded'];

function isRenderedHere(tags: Readonly<Record<string, string>>): boolean {
  const comment = Object.entries(tags).find(([name]) => name.toLowerCase() === 'comment')?.[1];
  try {
    const parsed = provenance.safeParse(JSON.parse(comment ?? 'null'));
    return parsed.success && RENDERED_GRADES.includes(parsed.data.grade);
  } catch {
    // Anybody may write anything into a comment.
    return false;
  }
}

/** Bytes of one yuv420p frame, whose colour planes are rounded up to whole pixels. */
export const filmFrameBytes = (widthPx: number, heightPx: number): number =>
  widthPx * heightPx + 2 * Math.ceil(widthPx / 2) * Math.ceil(heightPx / 2);
