import { create } from 'zustand';

import type { JobId } from '../../app/contract/job.ts';

export const shelfTabs = ['clips', 'health', 'log'] as const;
export type ShelfTab = (typeof shelfTabs)[number];

interface View {
  readonly shelf: ShelfTab;
  /** First piece of the word whose attention lies over the picture; null for none. */
  readonly word: number | null;
  readonly hasArrows: boolean;
  /** Where the log or a strip wants the player to go; a new object each time, so that the same frame can be asked for twice. */
  readonly seek: { readonly jobId: JobId; readonly frame: number } | null;
}

/** How the user looks at things: of this window alone, and gone with it. */
export const useView = create<View>()(() => ({ shelf: 'clips', word: null, hasArrows: false, seek: null }));

export const changeView = useView.setState;

export const showFrame = (jobId: JobId, frame: number): void => changeView({ seek: { jobId, frame } });
