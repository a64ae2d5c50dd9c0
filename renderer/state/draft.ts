import { ask } from './ask.ts';
import type { Draft, Locale } from './studio-state.ts';
import { changeStudio, hideToastsOf, readStudio } from './studio-store.ts';

const SAVE_AFTER_MS = 400;
const CHECK_AFTER_MS = 250;
const SEED_LIMIT = 2 ** 32;

let saveTimer: ReturnType<typeof setTimeout> | null = null;
let checkTimer: ReturnType<typeof setTimeout> | null = null;

export function editDraft(change: Partial<Draft>): void {
  changeStudio({ draft: { ...readStudio().draft, ...change }, refusal: null });
  saveSoon();
  if (change.prompt !== undefined) checkSoon();
}

export function chooseLocale(locale: Locale): void {
  changeStudio({ locale });
  saveSoon();
}

export function rollSeed(): void {
  editDraft({ seed: crypto.getRandomValues(new Uint32Array(1))[0] ?? Math.floor(Math.random() * SEED_LIMIT) });
}

/** What the window remembers goes to main a moment after the last change. */
export function saveSoon(): void {
  if (saveTimer !== null) clearTimeout(saveTimer);
  saveTimer = setTimeout(saveNow, SAVE_AFTER_MS);
}

/** Hand over what is not saved yet; also when the page goes away. */
export function saveNow(): void {
  if (saveTimer === null) return;
  clearTimeout(saveTimer);
  saveTimer = null;
  const { locale, projectId, draft } = readStudio();
  void ask('settings.save', { locale, projectId, draft }).then((answer) => {
    // Try again with what is newest by then: a draft must not be lost to one refused call.
    if (!answer) saveSoonAfterFailure();
    else hideToastsOf('settings');
  });
}

const RETRY_SAVE_MS = 3_000;

function saveSoonAfterFailure(): void {
  saveTimer ??= setTimeout(saveNow, RETRY_SAVE_MS);
}

/** Only the newest answer counts: an older one may come later. */
export function checkSoon(): void {
  if (checkTimer !== null) clearTimeout(checkTimer);
  const { prompt } = readStudio().draft;
  if (prompt === '') {
    changeStudio({ check: null });
    return;
  }
  checkTimer = setTimeout(() => {
    void ask('prompt.check', { prompt }).then((answer) => {
      if (answer && readStudio().draft.prompt === prompt) changeStudio({ check: { prompt, report: answer.value } });
    });
  }, CHECK_AFTER_MS);
}
