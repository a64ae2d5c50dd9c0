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
    texts,
  };
}

/** Not every process runs under a name. */
function nameOfUser(): string {
  try {
    return userInfo().username;
  } catch {
    return '';
  }
}
