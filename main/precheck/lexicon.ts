import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { openVocabulary, type LexiconTexts, type Vocabulary } from '../../app/precheck/vocabulary.ts';

const folderBelow = (root: string): string => join(root, 'resources', 'lexicon');

const files = {
  enWords: 'en-words.txt',
  enLists: 'en-lists.txt',
  zhWords: 'zh-words.txt',
  zhMeanings: 'zh-meanings.txt',
  zhLists: 'zh-lists.txt',
  characters: 'characters.txt',
  sensitive: 'sensitive.txt',
} as const satisfies Record<keyof LexiconTexts, string>;

/** Names of the word lists that an installation lacks. */
export const missingLists = (root: string): readonly string[] =>
  Object.values(files).filter((name) => !existsSync(join(folderBelow(root), name)));

const opened = new Map<string, Vocabulary>();

/** The word lists below the program's own folder, read once. A list that is not there costs its findings, not the run. */
export function vocabularyOf(root: string): Vocabulary {
  const known = opened.get(root);
  if (known) return known;
  const vocabulary = openVocabulary(new LexiconFolder(folderBelow(root)));
  opened.set(root, vocabulary);
  return vocabulary;
}

/** Each list is read once, when it is first asked for: an English prompt never waits for Chinese words. */
class LexiconFolder implements LexiconTexts {
  readonly #folder: string;
  readonly #texts = new Map<string, string>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  get enWords(): string {
    return this.#read(files.enWords);
  }
  get enLists(): string {
    return this.#read(files.enLists);
  }
  get zhWords(): string {
    return this.#read(files.zhWords);
  }
  get zhMeanings(): string {
    return this.#read(files.zhMeanings);
  }
  get zhLists(): string {
    return this.#read(files.zhLists);
  }
  get characters(): string {
    return this.#read(files.characters);
  }
  get sensitive(): string {
    return this.#read(files.sensitive);
  }

  #read(name: string): string {
    let text = this.#texts.get(name);
    if (text === undefined) {
      try {
        text = readFileSync(join(this.#folder, name), 'utf8');
      } catch {
        text = '';
      }
      this.#texts.set(name, text);
    }
    return text;
  }
}
