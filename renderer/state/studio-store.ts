import { create } from 'zustand';

import { firstState, type StudioState, type Toast } from './studio-state.ts';

/** A mirror of main's state and what the user is typing; changed by the functions of this folder only. */
export const useStudio = create<StudioState>()(() => firstState);

export const readStudio = useStudio.getState;
export const changeStudio = useStudio.setState;

const TOAST_LIMIT = 3;
let toastCount = 0;

/** Say once what went wrong; the same thing again replaces the older line. */
export function showToast(kind: Toast['kind'], detail: string): void {
  toastCount += 1;
  const others = readStudio().toasts.filter((toast) => toast.kind !== kind || toast.detail !== detail);
  changeStudio({ toasts: [...others, { id: toastCount, kind, detail }].slice(-TOAST_LIMIT) });
}

export function hideToast(id: number): void {
  changeStudio({ toasts: readStudio().toasts.filter((toast) => toast.id !== id) });
}

/** What was complained of has come right. */
export function hideToastsOf(kind: Toast['kind']): void {
  const toasts = readStudio().toasts.filter((toast) => toast.kind !== kind);
  if (toasts.length < readStudio().toasts.length) changeStudio({ toasts });
}
