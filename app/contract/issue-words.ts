import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/** So many are told; whoever mends those sees the next ones. */
const TOLD_COUNT = 3;

const TYPE_WORDS: Readonly<Record<string, string>> = {
  ...{ string: 'text', number: 'a number', int: 'a whole number', boolean: 'true or false', null: 'null' },
  ...{ array: 'a list', object: 'an object', undefined: 'missing' },
};
const typeWords = (name: string): string => TYPE_WORDS[name] ?? name;

/** What is wrong with a file, in words: each field, what it has to be and what it is. */
export function issueWords({ issues }: z.ZodError, value: unknown): string {
  const told = issues.slice(0, TOLD_COUNT).map((issue) => issueLine(issue, value));
  const rest = issues.length - told.length;
  return [...told, ...(rest > 0 ? [`and ${rest} more`] : [])].join('; ');
}

function issueLine(issue: Issue, value: unknown): string {
  const place = issue.path.length > 0 ? issue.path.map(String).join('.') : 'it';
  if (issue.code === 'unrecognized_keys')
    return `${issue.path.length > 0 ? place : 'it'} has a field that is not known: ${issue.keys.join(', ')}`;
  const found = at(value, issue.path);
  if (found === undefined) return `${place} is missing`;
  return `${place} is ${shown(found)} and has to be ${wanted(issue)}`;
}

function wanted(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return typeWords(issue.expected);
    case 'invalid_value':
      return `${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map((one) => JSON.stringify(one)).join(', ')}`;
    case 'too_small':
      return `${issue.inclusive === false ? 'above' : 'at least'} ${issue.minimum}${unitOf(issue.origin)}`;
    case 'too_big':
      return `${issue.inclusive === false ? 'below' : 'at most'} ${issue.maximum}${unitOf(issue.origin)}`;
    case 'invalid_format':
      return issue.format === 'regex' ? 'of another form' : `a ${issue.format.toUpperCase()}`;
    default:
      return 'something else';
  }
}

const unitOf = (origin: string): string =>
  origin === 'string' ? ' characters long' : origin === 'array' ? ' entries long' : '';

const LONGEST_SHOWN = 40;

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = JSON.stringify(value);
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined),
    value,
  );
}
