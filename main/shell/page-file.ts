import { realpath, stat } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
};

export interface PageFile {
  readonly path: string;
  readonly type: string;
}

/**
 * The file of the page that a URL path names; null when there is none, when it is of a kind that the page has no use
 * for, or when it lies outside `folder`, be it by "..", by encoding or by a link.
 *
 * @param pathname  as URL gives it: still percent-encoded
 */
export async function findPageFile(folder: string, pathname: string): Promise<PageFile | null> {
  let name: string;
  try {
    name = decodeURIComponent(pathname);
  } catch {
    return null;
  }
  if (name.includes('\0') || name.includes('\\')) return null;
  if (name === '/') name = '/index.html';
  const type = TYPES[extname(name).toLowerCase()];
  if (type === undefined) return null;
  try {
    const path = await realpath(join(folder, name));
    const isInside = path.startsWith(`${await realpath(folder)}${sep}`);
    return isInside && (await stat(path)).isFile() ? { path, type } : null;
  } catch {
    return null;
  }
}
