import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';

export const rootFolder = resolve(import.meta.dirname, '..', '..');

export interface SourceFile {
  /** From the root of the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** Every TypeScript file below these folders. */
export function sourcesIn(...folders: readonly string[]): readonly SourceFile[] {
  return folders
    .filter((folder) => existsSync(join(rootFolder, folder)))
    .flatMap((folder) => readdirSync(join(rootFolder, folder), { withFileTypes: true, recursive: true }))
    .filter((entry) => entry.isFile() && /\.(ts|tsx)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ path: relative(rootFolder, file).split(sep).join('/'), text: readFileSync(file, 'utf8') }));
}

/** What git keeps, and what it would keep if it were added now; null outside a checkout. */
export function trackedFiles(): readonly string[] | null {
  try {
    const args = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
    return execFileSync('git', args, { cwd: rootFolder, encoding: 'utf8' }).split('\0').filter(Boolean);
  } catch {
    return null;
  }
}

export interface Import {
  readonly from: string;
  /** As it is written: a package, or a path relative to the file. */
  readonly to: string;
  /** Relative imports as a path from the root; packages as they are. */
  readonly target: string;
  readonly isTypeOnly: boolean;
}

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s+(type\s+)?(?:[\w*{}\s,$]+?\s+from\s+)?['"]([^'"]+)['"]|\b(?:import|require)\(\s*['"]([^'"]+)['"]/g;

/** Static, dynamic and re-exporting imports alike. */
export function importsOf({ path, text }: SourceFile): readonly Import[] {
  return [...text.matchAll(IMPORT)].map((match) => {
    const to = match[2] ?? match[3] ?? '';
    const target = to.startsWith('.') ? join(path, '..', to).split(sep).join('/') : to;
    return { from: path, to, target, isTypeOnly: match[1] !== undefined };
  });
}
