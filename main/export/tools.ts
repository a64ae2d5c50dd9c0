import { accessSync, constants, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { z } from 'zod';

export type ToolName = 'ffmpeg' | 'ffprobe';
export interface Tool {
  readonly path: string;
  readonly source: string;
}

const setupTools = z.object({
  ffmpeg: z.object({ path: z.string(), source: z.string() }).optional(),
  ffprobe: z.object({ path: z.string(), source: z.string() }).optional(),
});

/** The first of `findTools`; null if there is none. */
export function findTool(name: ToolName, root?: string): Tool | null {
  return findTools(name, root)[0] ?? null;
}

/** What the user named, then what set-up proved, then what the installed app brings, then PATH: all that may be executed. */
export function findTools(name: ToolName, root: string | undefined = process.env['STEADYFRAME_ROOT']): readonly Tool[] {
  const variable = `${name.toUpperCase()}_BIN`;
  const file = process.platform === 'win32' ? `${name}.exe` : name;
  const remembered = root === undefined ? null : rememberedTool(name, root);
  const named = process.env[variable];
  const candidates: readonly (Tool | null)[] = [
    // Set-up passes its choice on by the same variable; then its own word for where it is from is the better one.
    named ? { path: named, source: remembered?.path === named ? remembered.source : variable } : null,
    remembered,
    resourcesPath === null ? null : { path: join(resourcesPath, 'bin', file), source: 'the installed app' },
    ...(process.env['PATH'] ?? '')
      .split(delimiter)
      .filter((folder) => folder !== '')
      .map((folder) => ({ path: join(folder, file), source: 'PATH' })),
  ];
  return candidates.filter((candidate) => candidate !== null).filter(({ path }) => isExecutable(path));
}

/** What the installed app brings along: Electron sets it on `process`; plain Node has none. */
export const resourcesPath =
  'resourcesPath' in process && typeof process.resourcesPath === 'string' ? process.resourcesPath : null;

function rememberedTool(name: ToolName, root: string): Tool | null {
  try {
    const raw: unknown = JSON.parse(readFileSync(join(root, '.cache', 'tools.json'), 'utf8'));
    return setupTools.parse(raw)[name] ?? null;
  } catch {
    return null;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
