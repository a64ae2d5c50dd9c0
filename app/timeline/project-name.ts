import { err, ok, type Result } from '../base/result.ts';
import type { RequestProblem } from '../contract/route.ts';
import type { StudioProject, StudioProjectId } from '../contract/studio-project.ts';

export const PROJECT_NAME_LIMIT = 200;

/**
 * A name as it is kept: one line, no spaces at its ends, no other project's.
 *
 * @param ownId  the project that is renamed: its own name may stay
 */
export function checkProjectName(
  typed: string,
  projects: readonly StudioProject[],
  ownId: StudioProjectId | null = null,
): Result<string, RequestProblem> {
  const name = typed
    .normalize('NFC')
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  const length = [...name].length;
  if (length === 0 || length > PROJECT_NAME_LIMIT || !name.isWellFormed())
    return err({
      code: 'project-name',
      field: 'namespace',
      value: name,
      legal: `one line of 1 to ${PROJECT_NAME_LIMIT} characters`,
    });
  return projects.some((one) => one.id !== ownId && isSameName(one.name, name)) ? err(nameTaken(name)) : ok(name);
}

export const nameTaken = (name: string): RequestProblem => ({
  ...{ code: 'project-taken', field: 'namespace', value: name },
  legal: 'a name that no other project has',
});

export const isSameName = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
