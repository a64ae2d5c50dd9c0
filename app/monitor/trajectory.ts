import type { FlowFigures } from './flow.ts';
import { rounded, type Found } from './found.ts';
import type { FrameFigures } from './frame.ts';

/** What the prompt says that its one figure does, where a law of motion can be held against it. */
export type LawfulMotion = 'fall' | 'bounce' | 'jump';

const motionWords: Readonly<Record<LawfulMotion, RegExp>> = {
  fall: /\b(?:falls?|falling|drops?|dropping)\b|落下|掉下|下落|坠落/i,
  bounce: /\bbounc\w*|弹跳|弹起|蹦/i,
  jump: /\b(?:jump|hop|leap)(?:s|ing|ed)?\b|跳/i,
};
/** What moves by other laws, moves the whole picture, or goes several ways at once. */
const elsewhere =
  /\b(?:camera|pan(?:s|ning)?|zoom\w*|snow(?:flakes?)?|rain\w*|waterfall|lea(?:f|ves)|feathers?|parachute|night ?fall|in (?:the )?fall|two|three|four|five|several|many|slow motion)\b|镜头|雪|雨|瀑布|叶|羽毛|降落伞|两|三|四|几|许多|慢动作|夕阳|日落/i;

/** The one motion that the prompt names; null where it names none, several, or something that hides it. */
export function motionAsked(prompt: string): LawfulMotion | null {
  if (elsewhere.test(prompt)) return null;
  const named = (Object.keys(motionWords) as LawfulMotion[]).filter((one) => motionWords[one].test(prompt));
  // "弹跳" is one word for a bounce.
  const said = named.includes('bounce') ? named.filter((one) => one !== 'jump') : named;
  const [only] = said;
  return said.length === 1 && only ? only : null;
}

/** Fewer known steps say nothing of a course. */
const FEWEST_STEPS = 6;
/** Slower than this part of the picture's height in a step is standing. */
const LEAST_SPEED_SHARE = 0.006;
/** A thing at rest this far up, of the height, has nothing under it. */
const MID_AIR_SHARE = 0.55;
/** So many steps without motion are a stop. */
const STOP_STEPS = 3;
/** Slower than this part of the fastest step counts as no motion. */
const STILL_SHARE = 0.15;
/** Speeds after and before a contact: more than one gains energy; the rest is what sampling may do. */
const MOST_RESTITUTION = 1.3;
/** From so many steps on a section has a course of its own. */
const PHASE_STEPS = 3;
/** A fall loses at most this part of its speed on the way: air only levels it off. */
const MOST_LOSS_SHARE = 0.5;
/** Speed in the air changes evenly: what a straight line leaves of its variance. */
const MOST_UNEVEN_SHARE = 0.45;

/**
 * The course of the moving figure held against the law of the motion that was asked for: a fall does not slow down or stop in mid-air, a bounce gains no energy, a jump is a
 * parabola. Only plain contradictions are told, as warnings; steps whose flow is not known break the course, and nothing is said of what lies beyond.
 *
 * @param flow  [frames − 1]; `mean` is null where nothing moves
 */
export function findUnlawfulMotion(
  frames: readonly FrameFigures[],
  flow: readonly (FlowFigures | null)[],
  prompt: string,
  heightPx: number,
): readonly Found[] {
  const asked = motionAsked(prompt);
  if (!asked || flow.length < FEWEST_STEPS || flow.includes(null)) return [];
  const speeds = flow.map((figures) => figures?.mean?.yPx ?? 0);
  const fastest = Math.max(...speeds.map(Math.abs));
  if (fastest < LEAST_SPEED_SHARE * heightPx) return [];
  const course: Course = { speeds, stillPx: fastest * STILL_SHARE, heights: heightsOf(frames) };
  const breach = { fall: fallBreach, bounce: bounceBreach, jump: jumpBreach }[asked](course);
  if (!breach) return [];
  const { firstStep, lastStep, ...evidence } = breach;
  return [
    {
      kind: 'motion-implausible',
      firstFrame: firstStep + 1,
      lastFrame: lastStep + 1,
      evidence: { asked, from: 'flow', ...evidence },
      severity: 'warning',
    },
  ];
}

interface Course {
  /** Of each step, in pixels, downwards. */
  readonly speeds: readonly number[];
  readonly stillPx: number;
  /** Where what moves is, from 0 at the top to 1; null where nothing moves. */
  readonly heights: readonly (number | null)[];
}

interface Breach {
  readonly cause: string;
  readonly firstStep: number;
  readonly lastStep: number;
  readonly [evidence: string]: number | string;
}

const heightsOf = (frames: readonly FrameFigures[]): readonly (number | null)[] =>
  frames.slice(1).map(({ step }) => step?.moved?.y ?? null);

interface Phase {
  readonly way: -1 | 0 | 1;
  readonly first: number;
  readonly last: number;
  /** The greatest speed, without its sign, and the way made. */
  readonly peakPx: number;
}

/** Sections of one direction, or of rest. */
function phasesOf({ speeds, stillPx }: Course): readonly Phase[] {
  const phases: Phase[] = [];
  speeds.forEach((speed, i) => {
    const way = Math.abs(speed) < stillPx ? 0 : speed > 0 ? 1 : -1;
    const last = phases.at(-1);
    if (last?.way === way)
      phases[phases.length - 1] = { ...last, last: i, peakPx: Math.max(last.peakPx, Math.abs(speed)) };
    else phases.push({ way, first: i, last: i, peakPx: Math.abs(speed) });
  });
  return phases;
}

const lengthOf = ({ first, last }: Phase): number => last - first + 1;

function fallBreach(course: Course): Breach | null {
  const phases = phasesOf(course);
  const at = phases.findIndex((phase) => phase.way === 1 && lengthOf(phase) >= PHASE_STEPS);
  const fall = phases[at];
  if (!fall) return null;
  const rest = phases[at + 1];
  const height = course.heights[fall.last] ?? null;
  if (rest?.way === 0 && lengthOf(rest) >= STOP_STEPS && height !== null && height < MID_AIR_SHARE)
    return {
      ...{ cause: 'stops-in-mid-air', firstStep: rest.first, lastStep: rest.last },
      ...{ heightShare: rounded(height), heightShareLimit: MID_AIR_SHARE, stillSteps: lengthOf(rest) },
    };
  // The step of the impact is a part of one.
  const speeds = course.speeds.slice(fall.first, fall.last);
  if (speeds.length < FEWEST_STEPS - 1) return null;
  const { slope, unevenShare } = lineThrough(speeds);
  const lossShare = (-slope * (speeds.length - 1)) / Math.max(...speeds);
  if (lossShare < MOST_LOSS_SHARE || unevenShare > MOST_UNEVEN_SHARE) return null;
  return {
    ...{ cause: 'slows-while-falling', firstStep: fall.first, lastStep: fall.last },
    ...{ acceleration: rounded(slope), lossShare: rounded(lossShare), lossShareLimit: MOST_LOSS_SHARE },
  };
}

function bounceBreach(course: Course): Breach | null {
  const phases = phasesOf(course);
  for (const [i, before] of phases.entries()) {
    // The step of the contact may cancel itself out.
    const next = phases[i + 1];
    const after = next?.way === 0 && lengthOf(next) === 1 ? phases[i + 2] : next;
    if (before.way !== 1 || after?.way !== -1) continue;
    if (Math.min(lengthOf(before), lengthOf(after)) < PHASE_STEPS) continue;
    const restitution = after.peakPx / before.peakPx;
    if (restitution <= MOST_RESTITUTION) continue;
    return {
      ...{ cause: 'energy-gained', firstStep: after.first, lastStep: after.last },
      ...{ restitution: rounded(restitution), restitutionLimit: MOST_RESTITUTION },
      ...{ speedBeforePx: rounded(before.peakPx), speedAfterPx: rounded(after.peakPx) },
    };
  }
  return null;
}

function jumpBreach(course: Course): Breach | null {
  const phases = phasesOf(course);
  for (const [i, up] of phases.entries()) {
    if (up.way !== -1 || lengthOf(up) < PHASE_STEPS) continue;
    const top = phases[i + 1];
    const down = top?.way === 0 ? phases[i + 2] : top;
    if (top?.way === 0 && lengthOf(top) > STOP_STEPS && down?.way === 1)
      return {
        ...{ cause: 'hangs-in-mid-air', firstStep: top.first, lastStep: top.last },
        ...{ stillSteps: lengthOf(top), stillStepsLimit: STOP_STEPS },
      };
    if (down?.way !== 1 || lengthOf(down) < PHASE_STEPS) continue;
    // Take-off and landing are parts of a step.
    const air = course.speeds.slice(up.first + 1, down.last);
    const { slope, unevenShare } = lineThrough(air);
    if (slope > 0 && unevenShare <= MOST_UNEVEN_SHARE) continue;
    return {
      ...{ cause: 'no-parabola', firstStep: up.first, lastStep: down.last },
      ...{ acceleration: rounded(slope), unevenShare: rounded(unevenShare), unevenShareLimit: MOST_UNEVEN_SHARE },
    };
  }
  return null;
}

/** Least squares over equal steps: the slope, and what the line leaves of the variance. */
function lineThrough(values: readonly number[]): { readonly slope: number; readonly unevenShare: number } {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let over = 0;
  let under = 0;
  let spread = 0;
  values.forEach((value, i) => {
    over += (i - middle) * (value - mean);
    under += (i - middle) ** 2;
    spread += (value - mean) ** 2;
  });
  const slope = under === 0 ? 0 : over / under;
  return { slope, unevenShare: spread === 0 ? 0 : 1 - (slope * over) / spread };
}
