import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { precheckReport } from '../../../app/contract/report.ts';
import { precheck } from '../../../main/cli/precheck.ts';
import { CommandProblem } from '../../../main/cli/problem.ts';
import { rootFolder } from '../../guard/source.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'precheck-'));
});
afterAll(async () => rm(folder, { recursive: true, force: true }));

async function run(...args: readonly string[]): Promise<string> {
  let output = '';
  const write = (text: string): void => void (output += text);
  const signal = new AbortController().signal;
  await precheck(args, { root: rootFolder, home: folder, write, isTerminal: false, signal });
  return output;
}

describe('precheck', () => {
  it('says the verdict, then where, why and what instead', async () => {
    const json = join(folder, 'report.json');
    expect(await run('--prompt', '在公园里', '--json', json)).toMatch(
      /^warn\nincomplete 0-4: 说了.*\n {2}"在公园里" → "一个人站在公园里"\n$/,
    );
    const report = precheckReport.parse(JSON.parse(await readFile(json, 'utf8')));
    expect(report.findings[0]).toMatchObject({ kind: 'incomplete', from: 0, to: 4 });
  });

  it.each(['', '-', '--json', '\u0000', '\ud800', '()'.repeat(5_000)])(
    'takes any text as a prompt: %j',
    async (prompt) => {
      expect(await run('--prompt', prompt)).toMatch(/^(ok|warn|safe-mode|blocked)\n/);
    },
  );

  it('scores itself on labelled prompts from anywhere', async () => {
    const file = join(folder, 'mine.txt');
    await writeFile(file, '# incomplete\nwalking slowly\na dog and\n# -\na red car on a beach\n');
    const output = await run('--evaluate', file);
    expect(output).toContain('3 prompts');
    expect(output).toMatch(/incomplete +2 +2 +2 +100\.0 % 100\.0 %/);
  });

  it.each([[[]], [['--prompt']], [['--promt', 'x']], [['--evaluate', '/nowhere/at-all.txt']]])(
    'names what is wrong with %j',
    async (args) => {
      await expect(run(...args)).rejects.toBeInstanceOf(CommandProblem);
    },
  );
});
