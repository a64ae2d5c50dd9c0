import type { FlowFigures } from './flow.ts';
import { rounded, type Found } from './found.ts';
import type { FrameFigures } from './frame.ts';

type Direction = 'left' | 'right' | 'up' | 'down';

/** Words for one-way motion. "Jumps" and "bounces" go both ways, and are held to nothing here. */
const directionWords: Readonly<Record<Direction, RegExp>> = {
  left: /\b(?:to the left|leftwards?|(?:moves?|moving|walks?|walking|runs?|running|heads?|heading|goes|going|flies|flying) left|right to left)\b|(?:向|往|朝)左|从右(?:往|向|到)左/i,
  right:
    /\b(?:to the right|rightwards?|(?:moves?|moving|walks?|walking|runs?|running|heads?|heading|goes|going|flies|flying) right|left to right)\b|(?:向|往|朝)右|从左(?:往|向|到)右/i,
  up: /\b(?:rises?|rising|climbs? up|floats? up|floating up|upwards?|takes? off|taking off|moves? up|moving up)\b|升起|上升|(?:向|往|朝)上|起飞/i,
  down: /\b(?:falls?|falling|sinks?|sinking|descends?|descending|drops?|dropping|downwards?|comes? down|moves? down|moving down)\b|落下|下降|掉下|下落|坠落|下沉|(?:向|往|朝)下/i,
};
/** A camera that moves makes everything move; falling snow and rain move by themselves; what turns back goes both ways. */
const elsewhere =
  /\b(?:camera|pan(?:s|ning)?|zoom|snow(?:flakes?)?|rain(?:ing|y)?|waterfall|bounc\w*|jump\w*|hop\w*|back and forth|collid\w*|bump\w*|falling (?:leaves|star)|waterfall|night ?fall|in (?:the )?fall)\b|镜头|雪花|下雪|下着雪|雨|瀑布|弹|跳|来回|相撞|落叶|流星|夕阳|日落/i;

/** The one way in which the prompt says that its figure moves; null where it says none, several, or something that hides it. */
export function directionAsked(prompt: string): Direction | null {
  if (elsewhere.test(prompt)) return null;
  const said = (Object.keys(directionWords) as Direction[]).filter((one) => directionWords[one].test(prompt));
  const [only] = said;
  return said.length === 1 && only ? only : null;
}

/** The whole way must be this part of the picture's side, and this share of the steps must agree: else it says nothing. */
const LEAST_WAY_SHARE = 0.08;
const AGREEING_SHARE = 0.8;
const FEWEST_STEPS = 6;

/**
 * Motion that goes the opposite way of the one that was asked for, by the flow of what moves; for a fall with the acceleration
 * that a fit to its track has. Only a plain contradiction is told: flow that is weak or undecided says nothing.
 *
 * @param flow  [frames − 1]
 */
export function findWrongWay(
  frames: readonly FrameFigures[],
  flow: readonly (FlowFigures | null)[],
  prompt: string,
  size: { readonly widthPx: number; readonly heightPx: number },
): readonly Found[] {
  const asked = directionAsked(prompt);
  if (!asked) return [];
  const isAcross = asked === 'left' || asked === 'right';
  const sign = asked === 'right' || asked === 'down' ? 1 : -1;
  const steps = flow.flatMap((one) => (one?.mean ? [(isAcross ? one.mean.xPx : one.mean.yPx) * sign] : []));
  if (steps.length < FEWEST_STEPS) return [];
  const way = steps.reduce((sum, step) => sum + step, 0) / (isAcross ? size.widthPx : size.heightPx);
  const against = steps.filter((step) => step < 0).length / steps.length;
  if (way > -LEAST_WAY_SHARE || against < AGREEING_SHARE) return [];
  const evidence = {
    cause: !isAcross ? 'fall' : 'direction',
    asked,
    wayShare: rounded(way),
    wayShareLimit: -LEAST_WAY_SHARE,
    stepsAgainst: rounded(against),
    acceleration: isAcross ? null : rounded(slopeOf(steps)),
  };
  return [{ kind: 'motion-implausible', firstFrame: 0, lastFrame: frames.length - 1, evidence, severity: 'warning' }];
}

/** Least-squares slope of velocity over time: acceleration in pixels a frame squared, positive in the asked direction. */
function slopeOf(velocities: readonly number[]): number {
  const middle = (velocities.length - 1) / 2;
  const mean = velocities.reduce((sum, value) => sum + value, 0) / velocities.length;
  let over = 0;
  let under = 0;
  velocities.forEach((value, i) => {
    over += (i - middle) * (value - mean);
    under += (i - middle) ** 2;
  });
  return over / under;
}
