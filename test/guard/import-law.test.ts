import { describe, expect, it } from 'vitest';

import { importsOf, sourcesIn, type Import, type SourceFile } from './source.ts';

/** The first law that an import breaks, or null. Types may cross where code may not only if the law says so. */
function brokenLaw({ from, target }: Import): string | null {
  const isFrom = (...folders: readonly string[]): boolean => folders.some((folder) => from.startsWith(`${folder}/`));
  const isTo = (...folders: readonly string[]): boolean => folders.some((folder) => target.startsWith(`${folder}/`));
  const isPackage = (...names: readonly string[]): boolean =>
    names.some((name) => target === name || target.startsWith(`${name}/`));
  const isElectronFile = /(^|\/)[\w-]*electron[\w-]*\.ts$/.test(from);

  if (isFrom('app') && !isTo('app') && !isPackage('zod')) return 'app imports only app and zod';
  if (
    isFrom('renderer') &&
    (isTo('main', 'test') || target.startsWith('node:') || isPackage('electron', 'onnxruntime-node'))
  )
    return 'renderer is a page: it knows app, not main';
  if (isFrom('main') && isTo('renderer', 'test')) return 'main knows neither page nor tests';
  if (
    isFrom('main/engine') &&
    (isPackage('electron') || isTo('main/host', 'main/job', 'main/ipc', 'main/shell', 'main/cli'))
  )
    return 'the engine knows neither Electron nor its host';
  if (isPackage('onnxruntime-node') && !isFrom('main/engine', 'test')) return 'only main/engine runs models';
  if (
    isPackage('electron') &&
    isFrom('main/cli', 'main/job', 'main/host', 'main/export', 'main/store', 'main/pack', 'main/device', 'main/base') &&
    !isElectronFile
  )
    return 'code that also runs without Electron';
  return null;
}

/** app has neither clock nor chance: same input, same answer. */
const IMPURE =
  /\b(Date\.now|Math\.random|performance\.now|new Date\(\)|crypto\.(randomUUID|getRandomValues)|setTimeout|setInterval)/;

const offencesIn = (files: readonly SourceFile[]): readonly string[] =>
  files.flatMap((file) =>
    importsOf(file).flatMap((one) => {
      const law = brokenLaw(one);
      return law === null ? [] : [`${one.from} -> ${one.to}: ${law}`];
    }),
  );

describe('import law', () => {
  it('holds for every file', () => {
    const files = sourcesIn('app', 'main', 'renderer');
    expect(files.length).toBeGreaterThan(20);
    expect(offencesIn(files)).toEqual([]);
  });

  it.each<[string, string, string]>([
    ['app/plan/x.ts', `import { a } from '../../main/store/home.ts';`, 'app imports only'],
    ['app/plan/x.ts', `import fs from 'node:fs';`, 'app imports only'],
    ['app/plan/x.ts', `const a = await import('node:fs');`, 'app imports only'],
    ['app/plan/x.ts', `export * from 'react';`, 'app imports only'],
    ['renderer/x.tsx', `import type { A } from '../main/job/run-job.ts';`, 'renderer is a page'],
    ['main/engine/x.ts', `import { a } from '../host/engine-host.ts';`, 'the engine knows'],
    ['main/engine/x.ts', `import { app } from 'electron';`, 'the engine knows'],
    ['main/job/x.ts', `import 'onnxruntime-node';`, 'only main/engine'],
    ['main/host/x.ts', `import { utilityProcess } from 'electron';`, 'code that also runs'],
  ])('sees the break in %s: %s', (path, text, law) => {
    expect(offencesIn([{ path, text }]).join()).toContain(law);
  });

  it('allows what is allowed', () => {
    const allowed = [
      { path: 'main/host/electron-child.ts', text: `import { utilityProcess } from 'electron';` },
      { path: 'main/engine/runtime.ts', text: `import * as ort from 'onnxruntime-node';` },
      { path: 'renderer/x.tsx', text: `import { routes } from '../app/contract/route.ts';` },
    ];
    expect(offencesIn(allowed)).toEqual([]);
  });
});

describe('the pure core', () => {
  it('asks no clock and no chance', () => {
    expect(
      sourcesIn('app')
        .filter(({ text }) => IMPURE.test(text))
        .map(({ path }) => path),
    ).toEqual([]);
  });

  it.each(['const a = Date.now();', 'x(new Date())', 'Math.random()', 'setTimeout(f, 1)'])('sees %s', (text) => {
    expect(IMPURE.test(text)).toBe(true);
  });
});

/** Every file that running `entry` brings along, and the packages that these name. */
function reachedFrom(entry: string, files: readonly SourceFile[]): ReadonlySet<string> {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const reached = new Set<string>();
  const waiting = [entry];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (reached.has(path)) continue;
    reached.add(path);
    const file = byPath.get(path);
    if (file) waiting.push(...importsOf(file).flatMap(({ target, isTypeOnly }) => (isTypeOnly ? [] : [target])));
  }
  return reached;
}

describe('the page', () => {
  const files = sourcesIn('app', 'renderer');

  it('brings no schema along: it takes types from the contract, and opens sooner', () => {
    const reached = reachedFrom('renderer/main.tsx', files);
    expect(reached).toContain('react');
    expect(reached).toContain('app/contract/list.ts');
    expect(reached).not.toContain('zod');
  });

  it('sees one that does', () => {
    const schema = { path: 'app/contract/list.ts', text: `import { z } from 'zod';` };
    const spoiled = [...files.filter(({ path }) => path !== schema.path), schema];
    expect(reachedFrom('renderer/main.tsx', spoiled)).toContain('zod');
  });
});
