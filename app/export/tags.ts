import type { GradeName } from '../contract/name.ts';
import type { TemplateOrigin } from '../contract/report.ts';

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
  /** Of a clip of grade template: what it was really rendered from. */
  readonly template?: TemplateOrigin;
  /** Only when the user asked for it. */
  readonly prompt: string | null;
}

export const CLIP_TITLE = 'Steadyframe clip';

/** Where a clip comes from, as the JSON of its comment; the prompt is left out. */
export const provenanceOf = ({ prompt: _prompt, ...facts }: ClipTags): string =>
  JSON.stringify({ program: 'steadyframe', ...facts });

/** Provenance as metadata of the container: a title, and a comment that holds JSON. */
export function tagArguments(tags: ClipTags): readonly string[] {
  const { prompt } = tags;
  const comment = provenanceOf(tags);
  const description = prompt === null ? [] : ['-metadata', `description=${withoutControls(prompt)}`];
  return ['-metadata', `title=${CLIP_TITLE}`, '-metadata', `comment=${comment}`, ...description];
}

/** An argument can't carry a null character, and a player shows no other control character well. */
const withoutControls = (text: string): string => text.replace(/[\p{Cc}\s]+/gu, ' ').trim();
