import { expect, it } from 'vitest';

import { checkProjectName, PROJECT_NAME_LIMIT } from '../../../app/timeline/project-name.ts';

const projects = [
  { id: 'default', name: '' },
  { id: 'a', name: 'Night Market' },
  { id: 'b', name: '夜市' },
];

it.each([
  ['Rooftops', 'Rooftops'],
  ['  two\n lines\tand spaces ', 'two lines and spaces'],
  // A name that looks the same must be the same.
  ['Cafe\u0301', 'Caf\u00e9'],
  ['早市', '早市'],
])('keeps %j as %j', (typed, kept) => {
  expect(checkProjectName(typed, projects)).toEqual({ ok: true, value: kept });
});

it.each([
  ['', 'project-name'],
  [' \n ', 'project-name'],
  ['x'.repeat(PROJECT_NAME_LIMIT + 1), 'project-name'],
  ['half \ud83d', 'project-name'],
  ['night market', 'project-taken'],
  [' 夜市 ', 'project-taken'],
])('refuses %j as %s and says what is legal', (typed, code) => {
  const refused = checkProjectName(typed, projects);
  expect(refused).toMatchObject({ ok: false, error: { code, field: 'namespace' } });
  expect(refused.ok ? '' : refused.error.legal).not.toBe('');
});

it('lets a project keep its own name, in other letters too', () => {
  expect(checkProjectName('NIGHT MARKET', projects, 'a')).toEqual({ ok: true, value: 'NIGHT MARKET' });
});
