import { flowSize, shrinkRgb, type FlowPicture } from '../../app/monitor/flow.ts';
import { smoothMotion, type Picture } from '../../app/recovery/motion.ts';
import { inTurns } from '../base/in-turns.ts';
import type { FlowMeter } from '../monitor/flow-meter.ts';
import type { MotionSource } from './mend-frames.ts';

/** The model was made for pictures of this size; in larger ones it is slow and no better. */
const FLOW_PIXELS = 160 * 96;
/** A pair takes some hundredths of a second; a busy machine is given time, a hanging child is not. */
const WAIT_MS = 1_000;

/** The motion that the monitors' flow model sees. After one answer that did not come in time it is not asked again. */
export function flowMotion(meter: FlowMeter): MotionSource {
  let isLate = false;
  const shrunk = (picture: Picture): FlowPicture =>
    shrinkRgb(picture.rgb, picture, flowSize(picture, FLOW_PIXELS, meter.multiplePx));
  return async (from, to) => {
    if (isLate) return null;
    const [earlier, later] = [shrunk(from), shrunk(to)];
    const late = Promise.withResolvers<null>();
    const timer = setTimeout(() => {
      isLate = true;
      late.resolve(null);
    }, WAIT_MS);
    const field = await Promise.race([meter.field(earlier, later), late.promise]);
    clearTimeout(timer);
    return field && inTurns(smoothMotion(field, earlier, from));
  };
}
