/** One report of ffmpeg's `-progress`: how far it is. */
export interface EncodeProgress {
  readonly frame: number;
  /** Times real time; null while ffmpeg does not know it yet. */
  readonly speed: number | null;
  readonly isEnd: boolean;
}

export interface ProgressParse {
  readonly reports: readonly EncodeProgress[];
  /** Text of a block that is not complete yet; to be put before the next chunk. */
  readonly rest: string;
}

const BLOCK_END = /^progress=(continue|end)\r?\n/m;
/** ffmpeg's blocks have a few hundred characters; anything longer is not progress and is dropped. */
const REST_LIMIT_CHARACTERS = 16_384;

/** Take whole `key=value` blocks off the front of `text`; each ends with a `progress=` line. */
export function parseProgress(text: string): ProgressParse {
  const reports: EncodeProgress[] = [];
  let rest = text;
  for (let end = BLOCK_END.exec(rest); end !== null; end = BLOCK_END.exec(rest)) {
    const block = rest.slice(0, end.index);
    reports.push({
      frame: figureOf(block, 'frame') ?? 0,
      speed: figureOf(block, 'speed'),
      isEnd: end[1] === 'end',
    });
    rest = rest.slice(end.index + end[0].length);
  }
  return { reports, rest: rest.slice(-REST_LIMIT_CHARACTERS) };
}

function figureOf(block: string, key: string): number | null {
  const found = new RegExp(`^${key}=\\s*([0-9.]+)`, 'm').exec(block)?.[1];
  const value = Number(found ?? Number.NaN);
  return Number.isFinite(value) ? value : null;
}
