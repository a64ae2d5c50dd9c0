import type { RequestProblem } from '../../app/contract/route.ts';

/** The exit codes that scripts rely on. */
export const exitCodes = { delivered: 0, badRequest: 2, unwritable: 3 } as const;

/** A problem that ends the command: one clear line for standard error. */
export class CommandProblem extends Error {
  readonly exitCode: 2 | 3;
  constructor(exitCode: 2 | 3, line: string) {
    super(line.replace(/\s+/g, ' '));
    this.exitCode = exitCode;
  }
}

const subjects: Readonly<Record<RequestProblem['code'], string>> = {
  'prompt-empty': 'is empty',
  'prompt-too-long': 'is too long',
  'prompt-control-characters': 'has characters that no keyboard types',
  'prompt-malformed': 'is not well-formed text',
  'prompt-sensitive': 'is not drawn here',
  'pack-unknown': 'is not a known pack',
  'rung-unknown': 'is not a rung of this pack',
  'frames-illegal': 'is not a legal number of frames',
  'steps-illegal': 'is not a legal number of steps',
  'seed-illegal': 'is not a legal seed',
  'number-illegal': 'is not a number',
  'deadline-illegal': 'is not a legal deadline',
  'fault-illegal': "can't be injected",
  'project-unknown': 'is not a known project',
  'project-name': 'is not a legal name of a project',
  'project-taken': 'is the name of another project',
  'project-first': 'is the first project, which is always there',
  'project-busy': 'has a clip in the making',
};

const LONGEST_VALUE_CHARACTERS = 60;

/** `--rung "huge" is not a rung of this pack; legal: standard, quick`. */
export function describeProblem({ code, field, value, legal }: RequestProblem): string {
  const shown = value.length > LONGEST_VALUE_CHARACTERS ? `${value.slice(0, LONGEST_VALUE_CHARACTERS)}…` : value;
  return `--${field}${shown ? ` "${shown}"` : ''} ${subjects[code]}; ${code === 'prompt-sensitive' ? '' : 'legal: '}${legal}`;
}
