import type { Finding } from '../../../app/contract/report.ts';

/**
 * Put a finding right in the editor as if it had been typed, so that Ctrl+Z takes it back: a field whose value is set by a
 * program forgets what came before.
 */
export function applyRewrite(field: HTMLTextAreaElement, { from, to, rewrite }: Finding): void {
  replaceTyped(field, from, to, rewrite);
}

export function replaceAll(field: HTMLTextAreaElement, words: string): void {
  replaceTyped(field, 0, field.value.length, words);
}

function replaceTyped(field: HTMLTextAreaElement, from: number, to: number, words: string): void {
  field.focus();
  field.setSelectionRange(from, to);
  // The only way into a text field's own undo history; deprecated, and without a successor.
  // oxlint-disable-next-line typescript/no-deprecated
  document.execCommand(words === '' ? 'delete' : 'insertText', false, words);
}
