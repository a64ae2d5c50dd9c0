import type { JobRequest } from '../contract/job.ts';
import type { Finding, SafeMode } from '../contract/report.ts';
import type { RenderPlan } from '../plan/render-plan.ts';
import { cleanPrompt, detectLanguage } from '../prompt/clean.ts';
import { replaceSpan } from './flaw.ts';
import { simplifyPrompt } from './simplify.ts';

/**
 * What a run does with a prompt that can't be rendered as it stands and that its user left so: every offered rewrite is
 * taken, and of the result only subject, motion and place are kept. Seed, size and steps stay the user's, so that the run
 * can be repeated and compared, and undone by asking for full quality.
 */
export function safeModePlan(prompt: string, findings: readonly Finding[]): SafeMode {
  const mended = takeAll(prompt, findings);
  const language = detectLanguage(mended);
  return {
    prompt: simplifyPrompt(cleanPrompt(mended), language),
    reasons: [...new Set(findings.map(({ kind }) => kind))],
  };
}

/** The plan that a run in safe mode begins with; what the user asked for where there is none, or where nothing may be changed. */
export function beginSafely(
  plan: RenderPlan,
  safeMode: SafeMode | undefined,
  policy: JobRequest['policy'],
): RenderPlan {
  return safeMode === undefined || policy === 'off' ? plan : { ...plan, prompt: safeMode.prompt };
}

/** Rewrites from the end to the beginning, so that the others keep their places; of two that overlap the later wins. */
function takeAll(prompt: string, findings: readonly Finding[]): string {
  let text = prompt;
  let free = Infinity;
  for (const finding of findings.toSorted((a, b) => b.to - a.to || b.from - a.from)) {
    if (finding.to > free) continue;
    text = replaceSpan(text, finding, finding.rewrite);
    free = finding.from;
  }
  return text;
}
