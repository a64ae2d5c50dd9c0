import type { ActionKind, GradeName } from '../contract/name.ts';

/** The honest name of what came out, by the worst that had to be done for it. */
export function gradeOf(actions: readonly ActionKind[]): GradeName {
  if (actions.includes('fallback-clip')) return 'fallback';
  if (actions.includes('template')) return 'template';
  if (actions.includes('still-motion')) return 'still';
  if (actions.some((action) => degrading.has(action))) return 'degraded';
  return actions.length > 0 ? 'repaired' : 'full';
}

/** `continue` delivers frames that a monitor objected to: that is no full clip either. */
const degrading: ReadonlySet<ActionKind> = new Set<ActionKind>([
  'lower-rung',
  'fewer-steps',
  'fewer-frames',
  'simplify-prompt',
  'continue',
]);
