import { BLOCK_PX } from './blockiness.ts';
import { deliveredFrameCount, framePicture, type Framing, type SizePx } from './framing.ts';
import { tagArguments, type ClipTags } from './tags.ts';

/** Raw frames on disk: [frameCount, heightPx, widthPx, 3], full-range RGB, one byte a channel. */
export interface RawSource extends SizePx {
  readonly framesPath: string;
  readonly frameCount: number;
  readonly fps: number;
}

export interface EncodeOrder extends SizePx {
  /** Where ffmpeg writes; an absolute path. */
  readonly path: string;
  readonly fps: number;
  readonly tags: ClipTags;
}

/**
 * `best` first; `safe` asks as little as possible of the encoder, for when `best` failed; `plain` asks for no encoder at all, for
 * when there is none.
 */
export type RecipeName = 'best' | 'safe' | 'plain';
/** Those that ffmpeg carries out. */
export type EncoderRecipe = Exclude<RecipeName, 'plain'>;

/** A fixed number, because x264's output depends on it: the same frames give the same file on any machine. */
const ENCODER_THREADS = 4;

/** Machine-readable progress on stdout, only real errors on stderr, never a question. */
export const QUIET_ARGUMENTS = ['-hide_banner', '-nostdin', '-nostats', '-v', 'error', '-progress', 'pipe:1', '-y'];

/** A path as ffmpeg's file protocol: a leading dash, a colon or a pattern character in it then means nothing. */
export const fileUrl = (path: string): string => `file:${path}`;

/** Local files only, whatever a file may name inside. */
export const LOCAL_ONLY = ['-protocol_whitelist', 'file,pipe'];

const bt709Tags = ['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709', '-color_range', 'tv'];

const encoderArguments: Readonly<Record<EncoderRecipe, readonly string[]>> = {
  best: ['-c:v', 'libx264', '-preset', 'medium', '-crf', '16', '-threads', String(ENCODER_THREADS)],
  safe: ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '18', '-threads', '1'],
};

/** H.264 in MP4 as every player takes it: 4:2:0, tagged BT.709, index first, nothing in it that changes by the clock. */
export const mp4Arguments = (recipe: EncoderRecipe): readonly string[] => [
  ...encoderArguments[recipe],
  '-pix_fmt',
  'yuv420p',
  ...bt709Tags,
  '-flags:v',
  '+bitexact',
];

/** Frames between two key frames, and so at most what a file in fragments loses when its writer dies. */
const GROUP_FRAMES = 16;
/** Written in fragments that can be played as they come; whole and with its index first once it is finished. */
const movFlags = { draft: '+frag_keyframe+empty_moov+default_base_moof', finished: '+faststart' } as const;

const containerArguments = (path: string, tags: ClipTags, state: keyof typeof movFlags): readonly string[] => [
  ...['-map_metadata', '-1', ...tagArguments(tags)],
  ...['-fflags', '+bitexact', '-movflags', movFlags[state], '-f', 'mp4', fileUrl(path)],
];

/** From a draft in fragments to the finished file: the pictures are copied as they are. */
export const finishArguments = (draft: string, path: string, tags: ClipTags): readonly string[] => [
  ...QUIET_ARGUMENTS,
  ...LOCAL_ONLY,
  ...['-i', fileUrl(draft), '-map', '0:v:0', '-c', 'copy'],
  ...containerArguments(path, tags, 'finished'),
];

/** What can be played of a draft whose writer died, as a whole file; its tags are its own. */
export const recoverArguments = (draft: string, path: string): readonly string[] => [
  ...QUIET_ARGUMENTS,
  ...LOCAL_ONLY,
  ...['-i', fileUrl(draft), '-map', '0:v:0', '-c', 'copy', '-map_metadata', '0'],
  ...['-fflags', '+bitexact', '-movflags', movFlags.finished, '-f', 'mp4', fileUrl(path)],
];

/** One filter that puts a mark onto the delivered picture. */
export type MarkFilter = string;

/** A bar at the upper left: how a clip says that it is not what was asked for where no words can be set. */
export const barMark = ({ heightPx }: SizePx): MarkFilter => {
  const px = (design: number): number => Math.max(2, Math.round((design * heightPx) / 720));
  return `drawbox=x=${px(28)}:y=${px(28)}:w=${px(120)}:h=${px(14)}:color=0xffc878:t=fill`;
};

/** RGB to BT.709 limited range, converted in the same pass that scales, so that rounding happens once. */
function pictureFilters({ mode, scaled, delivered }: Framing, recipe: EncoderRecipe): readonly string[] {
  const flags = recipe === 'best' ? 'lanczos+accurate_rnd+full_chroma_int+full_chroma_inp+bitexact' : 'bilinear';
  const convert = `scale=${scaled.widthPx}:${scaled.heightPx}:flags=${flags}:in_range=pc:out_color_matrix=bt709:out_range=tv`;
  const size = `${delivered.widthPx}:${delivered.heightPx}`;
  const fit = mode === 'crop' ? [`crop=${size}`] : mode === 'pad' ? [`pad=${size}:(ow-iw)/2:(oh-ih)/2:black`] : [];
  const declare = 'setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709';
  return [convert, 'format=yuv420p', ...fit, 'setsar=1', declare];
}

const rawVideo = ['-f', 'rawvideo', '-pix_fmt', 'rgb24'];
const rawInput = ({ framesPath, widthPx, heightPx, fps }: RawSource): readonly string[] => [
  ...[...rawVideo, '-video_size', `${widthPx}x${heightPx}`, '-framerate', String(fps)],
  ...['-i', fileUrl(framesPath)],
];

/** Without any loss, and with a checksum of every slice. */
export const archiveArguments = (source: RawSource, path: string): readonly string[] => [
  ...[...QUIET_ARGUMENTS, ...LOCAL_ONLY, ...rawInput(source), '-frames:v', String(source.frameCount)],
  ...['-c:v', 'ffv1', '-level', '3', '-slicecrc', '1', '-pix_fmt', 'bgr0', '-f', 'matroska', fileUrl(path)],
];

export const unarchiveArguments = (path: string, { framesPath, frameCount }: RawSource): readonly string[] => [
  ...[...QUIET_ARGUMENTS, ...LOCAL_ONLY, '-f', 'matroska', '-i', fileUrl(path), '-frames:v', String(frameCount)],
  ...['-fps_mode', 'passthrough', ...rawVideo, fileUrl(framesPath)],
];

/** What is done to the picture besides its scaling. */
export interface Touches {
  readonly mark: MarkFilter | null;
  /** The squares of a small decoder show: they are smoothed before scaling makes them large. */
  readonly isBlocky: boolean;
}
const UNTOUCHED: Touches = { mark: null, isBlocky: false };

/** In RGB planes, so that nothing is converted on the way; thresholds at which edges of things are left alone. */
const DEBLOCK = ['format=gbrp', `deblock=filter=strong:block=${BLOCK_PX}:alpha=0.12:beta=0.07:gamma=0.06:delta=0.05`];

/** The whole argument list for ffmpeg; no shell reads it. */
export function encodeArguments(
  source: RawSource,
  order: EncodeOrder,
  recipe: EncoderRecipe,
  { mark, isBlocky }: Touches = UNTOUCHED,
): readonly string[] {
  const rate = source.fps === order.fps ? [] : [`fps=${order.fps}`];
  const filters = [
    ...rate,
    ...(isBlocky && recipe === 'best' ? DEBLOCK : []),
    ...pictureFilters(framePicture(source, order), recipe),
    ...(mark === null ? [] : [mark]),
  ];
  return [
    ...QUIET_ARGUMENTS,
    ...LOCAL_ONLY,
    ...rawInput(source),
    ...['-map', '0:v:0', '-vf', filters.join(',')],
    ...['-frames:v', String(deliveredFrameCount(source.frameCount, source.fps, order.fps))],
    ...mp4Arguments(recipe),
    ...['-g', String(GROUP_FRAMES)],
    ...containerArguments(order.path, order.tags, 'draft'),
  ];
}
