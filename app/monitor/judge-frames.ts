import type { FaultReport } from '../contract/report.ts';
import { findBlank } from './blank-part.ts';
import { isCut } from './cut.ts';
import { findEmpty } from './empty.ts';
import { faultOf } from './fault.ts';
import { findFlicker } from './flicker.ts';
import type { Found } from './found.ts';
import type { FrameBands } from './frame-bands.ts';
import type { FlowFigures } from './flow.ts';
import { findFlowBreaks } from './flow-health.ts';
import type { FrameFigures } from './frame.ts';
import { findFrozen } from './freeze.ts';
import { findNoise } from './noise.ts';
import { isLeap } from './jump.ts';
import { findBrokenMotion } from './order.ts';
import { findVanished } from './permanence.ts';
import { findWrongWay } from './physics.ts';
import { findUnlawfulMotion } from './trajectory.ts';
import { findWrongColours } from './wrong-colours.ts';
import { findTornFrames } from './torn.ts';

/** A tear may be too slight to be told in all of its frames: what is beside one is not called a jump as well. */
const BESIDE_TEAR = 3;
const PLAINER_RATIO = 1.4;

export interface ClipFacts {
  readonly fps: number;
  /** What the clip was rendered from; null for a film of unknown making. */
  readonly prompt: string | null;
  readonly widthPx: number;
  readonly heightPx: number;
  /** One shot without cuts or grain of its own, of which a film may have both; absent: where there is a prompt. */
  readonly isOneShot?: boolean;
  /** Of few colours, mixed by dots: those can't be told from noise, which is then not looked for. */
  readonly isDithered?: boolean;
}

/**
 * What is wrong with the frames of a clip. Causes are looked for in the order of how surely they are told; a frame that one of them
 * explains is not accused of what follows from it, as a black frame is not also called a jump.
 *
 * @param flow  [frames − 1], from each frame to the next; empty where none was measured
 */
export function judgeFrames(
  frames: readonly FrameFigures[],
  { fps, prompt, widthPx, heightPx, isOneShot = prompt !== null, isDithered = false }: ClipFacts,
  bands: FrameBands,
  flow: readonly (FlowFigures | null)[] = [],
): readonly FaultReport[] {
  const found: Found[] = [];
  const explained = new Set<number>();
  const isExplained = (i: number): boolean => explained.has(i);
  const take = (some: readonly Found[]): void => {
    for (const one of some) {
      found.push(one);
      for (let i = one.firstFrame; i <= one.lastFrame; i += 1) explained.add(i);
    }
  };
  take(findEmpty(frames, bands, isOneShot));
  take(findBlank(frames, { bands, isExplained, isOneShot }));
  if (!isDithered) take(findNoise(frames, bands, isOneShot));
  take(findWrongColours(frames, { bands, isExplained, isOneShot }));
  take(findFlicker(frames, { bands, isExplained, isOneShot }));
  take(findTornFrames(frames, isExplained, (i) => isLeap(frames, i)));
  take(findFrozen(frames, fps, { bands, isExplained, isOneShot }));
  const tears = found.filter(({ kind }) => kind === 'frames-torn');
  const isSettled = (i: number): boolean =>
    explained.has(i) || tears.some(({ firstFrame, lastFrame }) => i >= firstFrame - 1 && i <= lastFrame + BESIDE_TEAR);
  // Beside another fault fewer steps are left to say what is usual: a jump must then be the plainer.
  const plainer = found.length === 0 ? bands : { ...bands, spikeRatio: bands.spikeRatio * PLAINER_RATIO };
  take(findBrokenMotion(frames, { bands: plainer, isExplained: isSettled, isOneShot }));
  // A film has cuts, of which the flow knows nothing.
  const isSeam = (i: number): boolean => isExplained(i) || (!isOneShot && isCut(frames, i));
  take(findFlowBreaks(flow, bands, widthPx, isSeam));
  if (prompt !== null && found.length === 0)
    for (const some of [
      findWrongWay(frames, flow, prompt, { widthPx, heightPx }),
      findUnlawfulMotion(frames, flow, prompt, heightPx),
      findVanished(frames, isExplained),
    ])
      take(some);
  return found
    .toSorted((a, b) => a.firstFrame - b.firstFrame)
    .map(({ kind, firstFrame, lastFrame, evidence, severity = 'fault' }) =>
      faultOf(
        kind,
        'monitor',
        { ...evidence, limitsFrom: bands.source },
        { frame: firstFrame, frameCount: lastFrame - firstFrame + 1, severity },
      ),
    );
}
