import type { RunHealth } from '../../app/contract/health.ts';
import type { InspectReport } from '../../app/contract/inspection.ts';
import type { DeliveredClip } from '../../app/contract/job.ts';
import type { FeedEvent } from '../../app/contract/route.ts';
import { emptyHealth } from '../../app/monitor/run-health.ts';
import { ask } from './ask.ts';
import { changeStudio, readStudio, showToast } from './studio-store.ts';

export type Inspection = Omit<Extract<FeedEvent, { kind: 'inspection' }>, 'kind'>;

/** Hand a dropped file over; what becomes of it comes by the feed. */
export async function inspectFile(file: File): Promise<void> {
  const bridge = window.studio;
  if (!bridge) return;
  const id = await bridge.inspect(file);
  if (id === null) showToast('drop', file.name);
}

export function closeInspection(): void {
  const { inspection } = readStudio();
  if (inspection?.state.phase === 'running') void ask('inspection.cancel', { inspectionId: inspection.inspectionId });
  changeStudio({ inspection: null });
}

/** A video of any making, as the player knows clips. */
export function clipOf({ clip, wallMs }: InspectReport): DeliveredClip {
  const { path, widthPx, heightPx, frameCount, fps } = clip;
  return {
    ...{ grade: 'full', path, widthPx, heightPx, renderedWidthPx: widthPx, renderedHeightPx: heightPx },
    ...{ frameCount, fps, durationSeconds: frameCount / fps, wallMs },
  };
}

/** The same figures as of a run, so that the same strips show them. */
export function healthOf(inspectionId: string, { clip, health }: InspectReport): RunHealth {
  return {
    ...emptyHealth(inspectionId),
    frames: health.frames.map((figures, frame) => ({ frame, ...figures, warpErrorRatio: null, arrows: null })),
    frameLimits: { psnrDb: { low: 20, high: null, source: 'default' } },
    ...{ frameCount: clip.frameCount, widthPx: clip.widthPx, heightPx: clip.heightPx },
  };
}
