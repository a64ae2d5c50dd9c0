import { constants } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { resourcesPath } from './tools.ts';

const FONT_FOLDER = join('node_modules', '@expo-google-fonts', 'noto-sans-sc', '500Medium');
const FONT_NAME = 'NotoSansSC_500Medium.ttf';
const SCRIPT_NAME = 'words.ass';

/** For ffmpeg's `-vf`, run in the folder of `WordsFolder`: plain names, so that nothing of a path has to be quoted. */
export const WORDS_FILTER = `ass=filename=${SCRIPT_NAME}:fontsdir=fonts`;

/** A folder of its own for a script of words and the font that they are set in; gone when it is disposed of. */
export class WordsFolder implements AsyncDisposable {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** @throws the file system's error */
  static async create(script: string): Promise<WordsFolder> {
    const words = new WordsFolder(await mkdtemp(join(tmpdir(), 'steadyframe-words-')));
    await writeFile(join(words.path, SCRIPT_NAME), script);
    await bringFont(join(words.path, 'fonts'));
    return words;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}

/** The bundled font where it can be found; without it libass takes what the system has. */
async function bringFont(folder: string): Promise<void> {
  await mkdir(folder);
  const places = [
    ...(process.env['STEADYFRAME_ROOT'] === undefined ? [] : [join(process.env['STEADYFRAME_ROOT'], FONT_FOLDER)]),
    ...(resourcesPath === null ? [] : [join(resourcesPath, 'fonts')]),
  ];
  for (const place of places) {
    const isCopied = await copyFile(join(place, FONT_NAME), join(folder, FONT_NAME), constants.COPYFILE_FICLONE).then(
      () => true,
      () => false,
    );
    if (isCopied) return;
  }
}
