import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';
import { z } from 'zod';

import { createMetrics } from '../../../main/telemetry/metric-set.ts';
import { rootFolder } from '../../guard/source.ts';

const target = z.object({ expr: z.string().min(1), refId: z.string() });
const panel = z.object({
  id: z.int(),
  title: z.string(),
  type: z.string(),
  gridPos: z.object({ x: z.int().min(0), y: z.int().min(0), w: z.int().max(24), h: z.int() }),
  targets: z.array(target).optional(),
});
const dashboard = z.object({
  uid: z.string(),
  title: z.string(),
  schemaVersion: z.int(),
  panels: z.array(panel).min(1),
});

const folder = join(rootFolder, 'resources', 'dashboards');
const { panels } = dashboard.parse(JSON.parse(readFileSync(join(folder, 'steadyframe.json'), 'utf8')));
const expressions = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));

/** Every name that the program may write; a histogram writes three. */
const names = new Set(
  createMetrics({ version: '', commit: '' }).known.flatMap(({ name, isHistogram }) =>
    isHistogram ? ['_bucket', '_sum', '_count'].map((ending) => name + ending) : [name],
  ),
);
const usedIn = (expr: string): readonly string[] => expr.match(/steadyframe_\w+/g) ?? [];

it('shows nothing that the program does not write', () => {
  expect(expressions.length).toBeGreaterThan(25);
  expect(expressions.flatMap(usedIn).filter((name) => !names.has(name))).toEqual([]);
  expect(expressions.filter((expr) => usedIn(expr).length === 0)).toEqual([]);
});

it('shows everything that the program writes', () => {
  const shown = expressions.flatMap(usedIn).join(' ');
  const missing = createMetrics({ version: '', commit: '' }).known.filter(({ name }) => !shown.includes(name));
  expect(missing).toEqual([]);
});

it('has panels that do not lie on each other, with a number of their own', () => {
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`),
  );
  expect(new Set(cells).size).toBe(cells.length);
  expect(panels.every(({ gridPos: { x, w } }) => x + w <= 24)).toBe(true);
});

it('is scraped at the address that the endpoint answers to', () => {
  expect(readFileSync(join(folder, 'prometheus.yml'), 'utf8')).toMatch(/targets: \['127\.0\.0\.1:9464'\]/);
});
