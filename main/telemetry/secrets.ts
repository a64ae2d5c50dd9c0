import { homedir, userInfo } from 'node:os';

import type { Secrets } from '../../app/export/redact.ts';

/** What must not be told of this machine and its user. */
export function secretsOf(home: string, texts: readonly string[]): Secrets {
  return {
    folders: [
      { path: home, name: 'studio' },
      { path: homedir(), name: 'home' },
    ],
    userName: nameOfUser(),
    keys: keysOf(process.env),
    texts,
  };
}

const KEY_NAME = /(?:^|_)(?:\w*KEY|\w*TOKEN|SECRET|PASS\w*|PWD|CREDENTIALS?|COOKIE|AUTH)(?:_|$)/i;

/** Values of the environment whose names say that they open something; a file's or a folder's path opens nothing. */
export const keysOf = (environment: Readonly<Record<string, string | undefined>>): readonly string[] =>
  Object.entries(environment).flatMap(([name, value = '']) =>
    KEY_NAME.test(name) && !/^([A-Za-z]:)?[\\/]/.test(value) ? [value] : [],
  );

/** Not every process runs under a name. */
function nameOfUser(): string {
  try {
    return userInfo().username;
  } catch {
    return '';
  }
}
