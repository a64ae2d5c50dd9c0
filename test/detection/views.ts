import type { FaultReport } from '../../app/contract/report.ts';
import { defaultFrameBands, type FrameBands } from '../../app/monitor/frame-bands.ts';
import type { FrameFigures } from '../../app/monitor/frame.ts';
import { judgeFrames } from '../../app/monitor/judge-frames.ts';
import type { Clip } from './clip.ts';
import { TallyBook } from './tally.ts';

/** One way in which the program judges clips, and what comes of it. */
export interface View {
  readonly title: string;
  readonly book: TallyBook;
  readonly isFor: (clip: Clip) => boolean;
  /** @param bands  of the pack that rendered it, or the default ones */
  readonly judge: (clip: Clip, figures: readonly FrameFigures[], bands: FrameBands) => readonly FaultReport[];
}

/**
 * A clip that was rendered from a prompt is judged by it and by its pack; a video that somebody hands in is a film of unknown making, whatever it is, and
 * what a maker may have meant is a warning there. So each is counted twice: what is called a fault, and what is told at all.
 */
export const allViews = (): readonly View[] => [
  {
    title: 'Generated clips',
    book: new TallyBook(),
    isFor: ({ prompt }) => prompt !== null,
    judge: ({ prompt, fps, widthPx, heightPx }, figures, bands) =>
      judgeFrames(figures, { fps, prompt, widthPx, heightPx }, bands),
  },
  {
    title: 'Inspected films, faults and warnings',
    book: new TallyBook(),
    isFor: () => true,
    judge: (clip, figures) => inspected(clip, figures),
  },
  {
    title: 'Inspected films, faults alone',
    book: new TallyBook(),
    isFor: () => true,
    judge: (clip, figures) => inspected(clip, figures).filter(({ severity }) => severity === 'fault'),
  },
];

const inspected = ({ fps, widthPx, heightPx }: Clip, figures: readonly FrameFigures[]): readonly FaultReport[] =>
  judgeFrames(figures, { fps, prompt: null, widthPx, heightPx }, defaultFrameBands);
