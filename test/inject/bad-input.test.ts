import { mkdir, mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { expectRefusal, runCli, writeHollowProgram } from './run-cli.ts';

/** None of these may reach the engine; so the pack needs nothing in it that could run. */
let base = '';
let env: Record<string, string> = {};
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'steadyframe-cli-'));
  env = { STEADYFRAME_ROOT: join(base, 'program'), STEADYFRAME_HOME: join(base, 'home') };
  await writeHollowProgram(env['STEADYFRAME_ROOT'] ?? '');
  await mkdir(join(base, 'out'));
  await writeFile(join(base, 'file'), '');
});
afterAll(async () => rm(base, { recursive: true, force: true }));

const render = async (...args: readonly string[]) => runCli(['render', ...args], env, join(base, 'out'));

describe('a wrong request ends with 2 and says what would be right', () => {
  const red = ['--prompt', 'a red ball'];
  it.each<[string, readonly string[], readonly string[]]>([
    ['an empty prompt', ['--prompt', ''], ['--prompt is empty', 'legal: ']],
    ['a prompt of spaces', ['--prompt', ' \t '], ['--prompt is empty']],
    ['a prompt of 100,000 characters', ['--prompt', 'x'.repeat(100_000)], ['too long', 'at most 2000']],
    ['an escape sequence', ['--prompt', 'a\u001b[31mb'], ['no keyboard types']],
    ['control characters in the negative', [...red, '--negative', 'a\u0007'], ['--negative']],
    ['an unknown pack', [...red, '--pack', 'other'], ['--pack "other"', 'legal: sample']],
    ['an unknown rung', [...red, '--rung', 'huge'], ['--rung "huge"', 'legal: standard, quick']],
    ['an illegal frame count', [...red, '--frames', '16'], ['--frames "16"', '1, 5, 9, 13, 17']],
    ['too many steps', [...red, '--steps', '201'], ['--steps "201"', '1 to 200']],
    ['a seed beyond exact numbers', [...red, '--seed', '9007199254740993'], ['--seed', 'legal: ']],
    ['an unknown option', [...red, '--sead', '1'], ["'--sead'", '--seed']],
    ['an option without its value', ['--prompt'], ['--prompt']],
    ['a stray word', [...red, 'blue'], ["'blue'"]],
    ['an unknown policy', [...red, '--policy', 'maybe'], ['--policy "maybe"', 'legal: auto, off']],
    ['prompt and project', [...red, '--project', 'p'], ['exclude each other']],
    ['a clip of another format', [...red, '--out', 'a.avi'], ['--out', 'legal: a file name that ends in .mp4']],
  ])('%s', async (_, args, named) => {
    expectRefusal(await render(...args), 2, ...named);
  });

  const numeric = ['frames', 'steps', 'seed', 'deadline'].flatMap((option) =>
    ['NaN', '-1', '1e999', option === 'deadline' ? '0' : '1.5', '', '0x10x', '9'.repeat(400)].map(
      (value): [string, string] => [option, value],
    ),
  );
  it.each(numeric)('--%s "%s"', async (option, value) => {
    expectRefusal(await render(...red, `--${option}`, value), 2, `--${option}`, 'legal: ');
  });

  it.each<[string, string, string]>([
    ['cut off', '{"version":1,"name":"x","shots":[{"id":', 'not complete JSON'],
    ['empty', '', 'not complete JSON'],
    ['of a newer program', '{"version":2}', 'newer program'],
    ['of the wrong shape', '{"version":1,"name":"x","shots":"none"}', 'shots: '],
    ['without a shot', '{"version":1,"name":"x","shots":[]}', 'at least one shot'],
    ['with a bad shot', '{"version":1,"name":"x","shots":[{"id":"s1","prompt":""}]}', 'shot "s1": --prompt is empty'],
    ['full of binary', '\0\u0001\u0002', 'not complete JSON'],
  ])('a project %s', async (_, text, named) => {
    const path = join(base, 'p.steady.json');
    await writeFile(path, text);
    expectRefusal(await render('--project', path), 2, named);
  });

  it('a project that is too large, is a folder or is not there', async () => {
    const path = join(base, 'large.steady.json');
    await writeFile(path, '');
    await truncate(path, 6 * 2 ** 20);
    expectRefusal(await render('--project', path), 2, '6291456 bytes');
    expectRefusal(await render('--project', base), 2, 'not a file');
    expectRefusal(await render('--project', join(base, 'none')), 2, 'no such file');
  });

  it.each([[[]], [['sing']], [['--help-me']]])('an unknown command: %j', async (args) => {
    expectRefusal(await runCli(args, env), 2, 'legal: render, packs');
  });
});

describe('a place that can not be written to ends with 3, before anything is rendered', () => {
  it.each<[string, string, (base: string) => string]>([
    ['a clip below a file', '--out', (at) => join(at, 'file', 'a.mp4')],
    ['a clip where no folder can be made', '--out', () => '/proc/none/a.mp4'],
    ['a report below a file', '--report', (at) => join(at, 'file', 'r.json')],
    ['a report where no folder can be made', '--report', () => '/proc/none/r.json'],
    ['frames below a file', '--frames-dir', (at) => join(at, 'file', 'frames')],
    ['frames where no folder can be made', '--frames-dir', () => '/proc/none/frames'],
  ])('%s', async (_, option, path) => {
    expectRefusal(await render('--prompt', 'a red ball', option, path(base)), 3, option, path(base));
    expect((await readdir(join(base, 'out'), { recursive: true })).filter((name) => name !== 'out')).toEqual([]);
  });

  it.each(['file', 'file/below'])('a home that is %s', async (home) => {
    const end = await runCli(['render', '--prompt', 'x'], { ...env, STEADYFRAME_HOME: join(base, home) });
    expectRefusal(end, 3, 'STEADYFRAME_HOME');
  });
});

it('the precheck refuses what it does not know', async () => {
  expectRefusal(await runCli(['precheck'], env), 2, '--prompt');
  expectRefusal(await runCli(['precheck', '--promt', 'x'], env), 2, "'--promt'");
});
