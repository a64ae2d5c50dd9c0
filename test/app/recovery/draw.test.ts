import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { expect, it } from 'vitest';

import { causeNames } from '../../../app/contract/list.ts';
import { drawTree, treeData } from '../../../app/recovery/draw.ts';
import { tree } from '../../../app/recovery/tree.ts';

const page = resolve(import.meta.dirname, '..', '..', '..', 'app', 'recovery', 'README.md');

it('is drawn in the README as it is in the code; "npm run format" draws it anew', () => {
  const [, drawn] =
    /<!-- tree -->\n\n```mermaid\n([\s\S]*?)\n```\n\n<!-- \/tree -->/.exec(readFileSync(page, 'utf8')) ?? [];
  expect(drawn).toBe(drawTree());
});

it('shows every cause with every one of its cures, as data too', () => {
  const drawn = treeData();
  expect(drawn.map(({ cause }) => cause)).toEqual(causeNames);
  for (const { cause, branches, symptoms } of drawn) {
    expect(branches.map(({ cure }) => cure)).toEqual(tree[cause]);
    expect(symptoms.length).toBeGreaterThan(0);
    for (const { cure } of branches) expect(drawTree()).toContain(cure);
  }
});
