import { readFile } from 'node:fs/promises';

import { z } from 'zod';

import { DEFAULT_PROJECT_ID, defaultPolicy } from '../../app/contract/default.ts';
import { defaultStandIn } from '../../app/contract/stand-in.ts';
import { pageSettings, settings, type Settings } from '../../app/contract/route.ts';
import { replaceFile } from './atomic-file.ts';

export function freshSettings(locale: 'en' | 'zh', seed: number): Settings {
  return {
    version: 2,
    locale,
    projectId: DEFAULT_PROJECT_ID,
    draft: { prompt: '', negative: '', packId: null, rung: null, frameCount: null, seed, isSeedLocked: false },
    recovery: defaultPolicy,
    standIn: defaultStandIn,
  };
}

/** The stored settings, or `otherwise` where there are none or they can't be read; a damaged file is kept aside. */
export async function readSettings(path: string, otherwise: Settings): Promise<Settings> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    return otherwise;
  }
  try {
    return parseSettings(JSON.parse(text));
  } catch {
    await replaceFile(`${path}.damaged`, text);
    return otherwise;
  }
}

export async function writeSettings(path: string, value: Settings): Promise<void> {
  await replaceFile(path, `${JSON.stringify(value, null, 2)}\n`);
}

/** Version 1 knew no policy of recovery. */
const settingsOfVersion1 = z.strictObject({ version: z.literal(1), ...pageSettings.shape });

/** Settings of any version, as this program keeps them. */
function parseSettings(value: unknown): Settings {
  const old = settingsOfVersion1.safeParse(value);
  return old.success
    ? { ...old.data, version: 2, recovery: defaultPolicy, standIn: defaultStandIn }
    : settings.parse(value);
}
