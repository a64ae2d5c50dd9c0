import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { rootFolder, sourcesIn, trackedFiles } from './source.ts';

const FOLDERS = ['app', 'main', 'renderer', 'models', 'resources', 'test', '.ci'];
const FILES = [
  ...[
    '.gitignore',
    '.gitattributes',
    '.npmrc',
    '.oxlintrc.json',
    '.prettierignore',
    '.prettierrc.json',
    '.editorconfig',
  ],
  ...['LICENSE', 'README.md', 'CHANGELOG.md', 'electron-builder.yml', 'electron.vite.config.ts'],
  ...['package-lock.json', 'package.json', 'playwright.config.ts', 'vitest.config.ts'],
  ...[
    'tsconfig.json',
    'tsconfig.base.json',
    'tsconfig.app.json',
    'tsconfig.main.json',
    'tsconfig.renderer.json',
    'tsconfig.test.json',
  ],
];
const LINE_LIMIT = 350;

const strangersIn = (paths: readonly string[]): readonly string[] => [
  ...new Set(
    paths
      .map((path) => path.split('/'))
      .filter((parts) => !(parts.length > 1 ? FOLDERS : FILES).includes(parts[0] ?? ''))
      .map((parts) => parts[0] ?? ''),
  ),
];
const lineCount = (text: string): number => text.split('\n').length - 1;
const read = (name: string): string => readFileSync(join(rootFolder, name), 'utf8');

describe('the top level', () => {
  it('is closed: a new folder or file there is a decision, not an accident', () => {
    const tracked = trackedFiles();
    if (tracked === null) return;
    expect(strangersIn(tracked)).toEqual([]);
  });

  it('sees a stranger', () => {
    expect(strangersIn(['app/base/result.ts', 'src/index.ts', 'notes.txt'])).toEqual(['src', 'notes.txt']);
  });
});

describe('files', () => {
  const files = sourcesIn('app', 'main', 'renderer', 'test');

  it(`have at most ${LINE_LIMIT} lines`, () => {
    expect(files.filter(({ text }) => lineCount(text) > LINE_LIMIT).map(({ path }) => path)).toEqual([]);
    expect(lineCount('a\n'.repeat(LINE_LIMIT + 1))).toBeGreaterThan(LINE_LIMIT);
  });

  // Spelled in two halves, so that this file does not find itself.
  const unfinished = new RegExp(`\\b(TO${'DO'}|FIX${'ME'}|XX${'X'})\\b`);
  it('leave nothing for later', () => {
    expect(files.filter(({ text }) => unfinished.test(text)).map(({ path }) => path)).toEqual([]);
    expect(unfinished.test(`// TO${'DO'} later`)).toBe(true);
  });

  const mocking = new RegExp(
    `\\b(vi|jest)\\.(mo${'ck'}|doMo${'ck'}|sp${'yOn'}|st${'ub'}\\w*)\\(|from '(sinon|testdouble|ts-mockito)'`,
  );
  it('test with fakes that keep the contract, not with a mock library', () => {
    const tests = files.filter(({ path }) => path.startsWith('test/'));
    expect(tests.filter(({ text }) => mocking.test(text)).map(({ path }) => path)).toEqual([]);
    expect(mocking.test(`vi.mo${'ck'}('./a.ts')`)).toBe(true);
    expect(mocking.test(`import sinon from 'sin${'on'}'`)).toBe(true);
  });
});

describe('numbers in contracts', () => {
  /** Quantities that are measured in more than one unit: their name has to end in the one that is meant. */
  const FIELD = /^\s*(?:readonly )?([a-zA-Z]+): (?:z\.)?(?:number|int)\b/gm;
  const NEEDS_UNIT =
    /(latency|duration|time|delay|timeout|memory|vram|rss|width|height|size|age|deadline|took|temperature|power|interval)$/i;
  const bareIn = (text: string): readonly string[] =>
    [...text.matchAll(FIELD)].map((match) => match[1] ?? '').filter((name) => NEEDS_UNIT.test(name));

  it('carry their unit in the name', () => {
    const bare = sourcesIn('app/contract').flatMap(({ path, text }) => bareIn(text).map((name) => `${path}: ${name}`));
    expect(bare).toEqual([]);
  });

  it('sees one that does not', () => {
    expect(bareIn('  latency: z.number(),\n  vram: z.int(),\n  wallMs: z.number(),')).toEqual(['latency', 'vram']);
  });
});

describe('dependencies', () => {
  it('name no place to download from: a mirror in the lockfile would break every other network', () => {
    const hasAddress = /"resolved"|https?:\/\/(?!github\.com\/sponsors|opencollective|[^"]*funding)[^"]*\.tgz/;
    expect(hasAddress.test(read('package-lock.json'))).toBe(false);
    expect(hasAddress.test('"resolved": "https://mirror.example/a.tgz"')).toBe(true);
  });

  /** Lines that got the fixes of August 2026; everything below them is open to two high advisories. */
  const isPatched = (version: string): boolean => {
    const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
    if (major === 42) return minor > 9 || (minor === 9 && patch >= 2);
    if (major === 43) return minor > 4 || (minor === 4 && patch >= 1);
    return major >= 44;
  };
  it('declare an Electron without known high advisories', () => {
    const declared = /"electron": "\^?([\d.]+)"/.exec(read('package.json'))?.[1] ?? '';
    expect(isPatched(declared)).toBe(true);
    expect(['42.0.0', '43.4.0', '41.9.9'].map(isPatched)).toEqual([false, false, false]);
    expect(['42.9.2', '43.4.1', '44.0.0', '45.4.1'].map(isPatched)).toEqual([true, true, true, true]);
  });

  it('are fetched by set-up only as the very bytes that were pinned', () => {
    const pins = Object.values(
      JSON.parse(read('resources/setup/pinned.json')) as Record<string, { integrity: string }>,
    );
    expect(pins.length).toBeGreaterThan(0);
    expect(pins.every(({ integrity }) => /^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity))).toBe(true);
  });
});

describe('The installed program', () => {
  const shipped = [...read('electron-builder.yml').matchAll(/- from: (\S+)\n\s+to: (\S+)/g)].map(([, from, to]) => ({
    from,
    to,
  }));
  const packs = readdirSync(join(rootFolder, 'models'))
    .map((name) => `models/${name}/pack`)
    .filter((folder) => existsSync(join(rootFolder, folder, 'pack.json')));

  it.each(packs)('brings %s along, where the program looks for it', (pack) => {
    expect(shipped).toContainEqual({ from: pack, to: pack });
  });
});
