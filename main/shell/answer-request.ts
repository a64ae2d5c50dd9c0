import { readFile, stat } from 'node:fs/promises';

import { byteRange } from './byte-range.ts';
import { fileStream } from './file-stream.ts';
import { findPageFile } from './page-file.ts';

export interface AppSources {
  /** The built page. */
  readonly pageFolder: string;
  /** Where a job's clip lies; null when there is none. */
  readonly clipPath: (jobId: string) => Promise<string | null>;
}

/** No script, style or connection but our own: even a hole in the page could reach nothing. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "media-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const COMMON_HEADERS = {
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cache-Control': 'no-cache',
};

const CLIP_PATH = /^\/clip\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.mp4$/;

/** Answer a request for `app://studio/…`: the page's own files, and delivered clips by their job's id, never by path. */
export async function answerRequest(request: Request, { pageFolder, clipPath }: AppSources): Promise<Response> {
  const url = URL.canParse(request.url) ? new URL(request.url) : null;
  if (url?.protocol !== 'app:' || url.host !== 'studio') return refuse(404);
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405, { Allow: 'GET, HEAD' });
  const isBodyWanted = request.method === 'GET';

  const jobId = CLIP_PATH.exec(url.pathname)?.[1];
  if (jobId !== undefined) {
    const path = await clipPath(jobId);
    return path === null ? refuse(404) : answerClip(path, request.headers.get('Range'), isBodyWanted);
  }
  const file = await findPageFile(pageFolder, url.pathname);
  if (!file) return refuse(404);
  try {
    const body = new Uint8Array(await readFile(file.path));
    return new Response(isBodyWanted ? body : null, { headers: { ...COMMON_HEADERS, 'Content-Type': file.type } });
  } catch {
    return refuse(404);
  }
}

/** A player jumps: it asks for parts, and takes a whole file that can't be jumped in for a live stream. */
async function answerClip(path: string, rangeHeader: string | null, isBodyWanted: boolean): Promise<Response> {
  try {
    const { size } = await stat(path);
    const range = byteRange(rangeHeader, size);
    if (range.kind === 'unsatisfiable') return refuse(416, { 'Content-Range': `bytes */${size}` });
    const { first, last } = range.kind === 'part' ? range : { first: 0, last: size - 1 };
    const headers = {
      ...COMMON_HEADERS,
      'Content-Type': 'video/mp4',
      'Accept-Ranges': 'bytes',
      'Content-Length': String(last - first + 1),
      ...(range.kind === 'part' ? { 'Content-Range': `bytes ${first}-${last}/${size}` } : {}),
    };
    const body = isBodyWanted ? await fileStream(path, first, last) : null;
    return new Response(body, { status: range.kind === 'part' ? 206 : 200, headers });
  } catch {
    return refuse(404);
  }
}

const refuse = (status: number, headers: Readonly<Record<string, string>> = {}): Response =>
  new Response(null, { status, headers: { ...COMMON_HEADERS, ...headers } });
