import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { parsePackManifest } from '../../../app/contract/pack.ts';
import { openPackGraphs } from '../../../main/engine/pack-graphs.ts';
import { rootFolder } from '../../guard/source.ts';
import { quickPlan, render } from './rendered.ts';

it('is read from the disk before the step that needs it is announced, and once', async () => {
  // Catches a step that reads a file and is then taken for a hang: its deadline was learned from steps that don't.
  const folder = join(rootFolder, 'models', 'wan-mini', 'pack');
  const manifest = parsePackManifest(await readFile(join(folder, 'pack.json'), 'utf8'));
  if (!manifest.ok) throw new Error(manifest.error);
  const parts: string[] = [];
  const graphs = await openPackGraphs(folder, manifest.value, 2, (part) => parts.push(part));
  expect(parts).not.toContain('transformer_3');
  const plan = quickPlan(manifest.value, { steps: 2, maskedExperts: ['transformer', 'transformer_2'] });
  const { events } = await render(graphs, plan);
  expect(parts.filter((part) => part === 'transformer_3')).toEqual(['transformer_3']);
  expect(events.flatMap((event) => (event.kind === 'step-done' ? [event.expert] : []))).toEqual(
    Array.from({ length: 2 }, () => 'transformer_3'),
  );
  expect(events.at(-1)?.kind).toBe('attempt-done');
}, 60_000);
