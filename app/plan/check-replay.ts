import type { Snapshot } from '../contract/snapshot.ts';
import { fitsFrameRule, type PackManifest } from '../contract/pack.ts';
import { latentShape } from '../engine/latent.ts';
import { isHiddenText } from '../export/redact.ts';
import { legalFrameCounts, STEP_LIMIT } from '../prompt/check-draft.ts';
import { PROMPT_LIMIT_CHARACTERS } from '../prompt/clean.ts';

/** The text that is needed to make an attempt again and was taken out before the snapshot left its machine; null: none was. */
export function hiddenTextOf({ plan }: Snapshot): 'prompt' | 'negative' | null {
  return (['prompt', 'negative'] as const).find((field) => isHiddenText(plan[field])) ?? null;
}

/** The first field that no run of this pack can have had, with what would be legal; null where there is none. A snapshot is a file: anybody may have written it. */
export function illegalField({ plan, rung: rungName, resumedAt }: Snapshot, pack: PackManifest): string | null {
  const { steps, frameCount, widthPx, heightPx, window } = plan;
  const say = (field: string, value: string | number, legal: string): string => `${field} is ${value}; legal: ${legal}`;
  for (const field of ['prompt', 'negative'] as const)
    if (plan[field].length > PROMPT_LIMIT_CHARACTERS)
      return say(`plan.${field}`, `${plan[field].length} characters long`, `at most ${PROMPT_LIMIT_CHARACTERS}`);
  if (steps > STEP_LIMIT) return say('plan.steps', steps, `a whole number from 1 to ${STEP_LIMIT}`);
  if (resumedAt !== null && resumedAt > steps) return say('resumedAt', resumedAt, `null, or a step up to ${steps}`);

  const rung = pack.rungs.find(({ name }) => name === rungName);
  if (!rung) return say('rung', `"${rungName}"`, pack.rungs.map(({ name }) => name).join(', '));
  if (widthPx !== rung.widthPx || heightPx !== rung.heightPx)
    return say('plan.widthPx × heightPx', `${widthPx} × ${heightPx}`, `${rung.widthPx} × ${rung.heightPx}`);
  const mostFrames = Math.max(...pack.rungs.map((one) => one.frameCount));
  if (frameCount > mostFrames || !fitsFrameRule(pack.frameRule, frameCount))
    return say('plan.frameCount', frameCount, legalFrameCounts(pack, mostFrames).join(', '));

  const ids = pack.experts.map(({ id }) => id);
  for (const field of ['experts', 'maskedExperts', 'shadowExperts'] as const) {
    const stranger = plan[field]?.find((id) => !ids.includes(id));
    if (stranger !== undefined) return say(`plan.${field}`, `"${stranger}"`, ids.join(', '));
  }
  const { frames } = latentShape(pack.latent, plan);
  if (window && window.firstLatentFrame + window.latentFrameCount > frames)
    return say(
      'plan.window',
      `up to latent frame ${window.firstLatentFrame + window.latentFrameCount}`,
      `up to ${frames}`,
    );
  if (window && window.fromStep >= steps) return say('plan.window.fromStep', window.fromStep, `below ${steps}`);
  return null;
}
