import type { EngineStatus, PackView } from '../../app/contract/route.ts';
import type { StudioText } from '../locale/en.ts';

/** Why nothing can be rendered, in the window's language; what the runtime itself said stands behind it, as it said it. */
export function engineProblemWords(
  { problem, reason }: Extract<EngineStatus, { phase: 'broken' }>,
  text: StudioText,
): string {
  if (problem === undefined) return reason;
  const words = text.engineProblem[problem];
  return problem === 'died-too-often' ? words : `${words} · ${reason}`;
}

/** What is wrong with a pack, in the window's language; null where it is sound. */
export function packDamageWords(
  { fault, damage }: Pick<PackView, 'fault' | 'damage'>,
  text: StudioText,
): string | null {
  if (fault === null || damage === undefined) return fault;
  const { kind, file, bytes, expectedBytes } = damage;
  return text.packDamage[kind](file, String(bytes), String(expectedBytes));
}
