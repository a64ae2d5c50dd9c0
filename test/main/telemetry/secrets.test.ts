import { expect, it } from 'vitest';

import { keysOf } from '../../../main/telemetry/secrets.ts';

it.each([
  'OPENAI_API_KEY',
  'HF_TOKEN',
  'GITHUB_TOKEN',
  'AWS_SECRET_ACCESS_KEY',
  'DB_PASSWORD',
  'MYSQL_PWD',
  'SESSION_COOKIE',
  'PROXY_AUTH',
  'APP_SECRET',
  'GOOGLE_CREDENTIALS',
  'apikey',
])('takes what %s holds for a key', (name) => expect(keysOf({ [name]: 'value of it' })).toEqual(['value of it']));

it.each([
  ['a path opens nothing', 'SSH_AUTH_SOCK', '/run/agent.sock'],
  ['nor one of Windows', 'GOOGLE_APPLICATION_CREDENTIALS', 'C:\\keys\\a.json'],
  ['where one is, is no key', 'PWD', '/home/somebody'],
  ['a word that only sounds like it', 'KEYBOARD_LAYOUT', 'german'],
  ['nor this', 'AUTHOR', 'somebody'],
])('leaves the rest alone: %s', (_why, name, value) => expect(keysOf({ [name]: value })).toEqual([]));

it('finds nothing where nothing is set', () => {
  expect(keysOf({})).toEqual([]);
  expect(keysOf({ API_KEY: undefined })).toEqual(['']);
});
