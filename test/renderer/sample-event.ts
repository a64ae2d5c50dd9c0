import type { JobEvent, JobRequest, Progress } from '../../app/contract/job.ts';

export const request: JobRequest = {
  prompt: 'a red ball',
  negative: '',
  packId: 'tiny',
  rung: 'standard',
  frameCount: 9,
  steps: 8,
  seed: 5,
  policy: 'auto',
  delivery: { widthPx: 1280, heightPx: 720, fps: 8, codec: 'h264' },
  deadlineSeconds: null,
  isPackChosen: false,
  projectId: 'default',
};

/** A job's id that can be told at sight. */
export const idOf = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

export const queued = (number: number): JobEvent => ({ kind: 'queued', jobId: idOf(number), atMs: number, request });

export const started = (number: number, attempt = 0): JobEvent => ({
  ...{ kind: 'attempt-started', jobId: idOf(number), attempt },
  ...{ seed: 5, rung: 'standard', frameCount: 9, steps: 8 },
});

export const cancelled = (number: number): JobEvent => ({ kind: 'cancelled', jobId: idOf(number) });

const halfWay: Progress = {
  ...{ stage: 'denoise', unitsDone: 4, unitCount: 8, ratio: 0.5 },
  ...{ elapsedMs: 1_000, remainingMs: { low: 1_000, high: 2_000 } },
};
export const progressed = (number: number): JobEvent => ({
  kind: 'progressed',
  jobId: idOf(number),
  progress: halfWay,
});

export const delivered = (number: number): JobEvent => ({
  kind: 'delivered',
  jobId: idOf(number),
  clip: {
    ...{ grade: 'full', path: '/clips/a.mp4', widthPx: 1280, heightPx: 720 },
    ...{ renderedWidthPx: 128, renderedHeightPx: 64, frameCount: 9, fps: 8, durationSeconds: 1.125, wallMs: 900 },
  },
});
