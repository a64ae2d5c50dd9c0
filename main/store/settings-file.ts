import { readFile } from 'node:fs/promises';

import { settings, type Settings } from '../../app/contract/route.ts';
import { replaceFile } from './atomic-file.ts';

export function freshSettings(locale: 'en' | 'zh', seed: number): Settings {
  return {
    version: 1,
    locale,
    draft: { prompt: '', negative: '', rung: null, frameCount: null, seed, isSeedLocked: false },
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
    return settings.parse(JSON.parse(text));
  } catch {
    await replaceFile(`${path}.damaged`, text);
    return otherwise;
  }
}

export async function writeSettings(path: string, value: Settings): Promise<void> {
  await replaceFile(path, `${JSON.stringify(value, null, 2)}\n`);
}
