import { existsSync } from 'node:fs';

/** A name beside a damaged file under which it can be put out of the way: one that nothing has yet. */
export function nameAside(path: string): string {
  let number = 1;
  while (existsSync(`${path}.damaged-${number}`)) number += 1;
  return `${path}.damaged-${number}`;
}
