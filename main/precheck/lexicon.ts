import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { openVocabulary, type LexiconTexts, type Vocabulary } from '../../app/precheck/vocabulary.ts';

const opened = new Map<string, Vocabulary>();

/** The word lists below the program's own folder, read once. A list that is not there costs its findings, not the run. */
export function vocabularyOf(root: string): Vocabulary {
  const known = opened.get(root);
  if (known) return known;
  const vocabulary = openVocabulary(new LexiconFolder(join(root, 'resources', 'lexicon')));
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
    return this.#read('en-words.txt');
  }
  get enLists(): string {
    return this.#read('en-lists.txt');
  }
  get zhWords(): string {
    return this.#read('zh-words.txt');
  }
  get zhLists(): string {
    return this.#read('zh-lists.txt');
  }
  get characters(): string {
    return this.#read('characters.txt');
  }
  get sensitive(): string {
    return this.#read('sensitive.txt');
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
