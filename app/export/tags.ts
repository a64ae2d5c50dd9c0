import type { GradeName } from '../contract/name.ts';

/** What the file itself says about how it came to be. No prompt: a clip is handed on more freely than its words. */
export interface ClipTags {
  readonly runId: string;
  readonly grade: GradeName;
  readonly packId: string;
  readonly packVersion: string;
  readonly packSha256: string;
  readonly seed: number;
  readonly rung: string;
  readonly renderedWidthPx: number;
  readonly renderedHeightPx: number;
  readonly programVersion: string;
  /** Only when the user asked for it. */
  readonly prompt: string | null;
}

export const CLIP_TITLE = 'Steadyframe clip';

/** Provenance as metadata of the container: a title, and a comment that holds JSON. */
export function tagArguments({ prompt, ...facts }: ClipTags): readonly string[] {
  const comment = JSON.stringify({ program: 'steadyframe', ...facts });
  const description = prompt === null ? [] : ['-metadata', `description=${withoutControls(prompt)}`];
  return ['-metadata', `title=${CLIP_TITLE}`, '-metadata', `comment=${comment}`, ...description];
}

/** An argument can't carry a null character, and a player shows no other control character well. */
const withoutControls = (text: string): string => text.replace(/[\p{Cc}\s]+/gu, ' ').trim();
