import type { Finding, PrecheckReport } from '../contract/report.ts';

const BLOCKS: ReadonlySet<Finding['kind']> = new Set(['empty', 'too-long', 'sensitive']);
/** The model can't do what is asked: rendered as it stands, the clip would disappoint. */
const CALLS_FOR_SAFE_MODE: ReadonlySet<Finding['kind']> = new Set(['too-dense', 'out-of-distribution']);
/** So many different findings at once say that the prompt as a whole won't be understood. */
const KINDS_FOR_SAFE_MODE = 3;

/** What the findings together mean for the run; the worst counts. */
export function verdictOf(findings: readonly Finding[]): PrecheckReport['verdict'] {
  const kinds = new Set(findings.map(({ kind }) => kind));
  if ([...kinds].some((kind) => BLOCKS.has(kind))) return 'blocked';
  if (kinds.size >= KINDS_FOR_SAFE_MODE || [...kinds].some((kind) => CALLS_FOR_SAFE_MODE.has(kind))) return 'safe-mode';
  return kinds.size > 0 ? 'warn' : 'ok';
}
