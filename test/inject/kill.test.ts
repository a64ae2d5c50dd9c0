import { existsSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';

import { describe, expect, it } from 'vitest';

import { childrenOf } from '../../main/faults/processes.ts';
import { expectRefusal, runCli, startCli } from './run-cli.ts';
import { curedFaults, hashFrames, makeTinyProgram, readReport, sha256Of } from './tiny-program.ts';

/** A step takes long enough to be killed in, and a render a few seconds. */
const SLOW = { slowness: 20 };
const red = ['render', '--prompt', 'a red ball', '--seed', '5'];
const POLL = { timeout: 30_000, interval: 20 };

async function denoising(cli: ReturnType<typeof startCli>): Promise<number> {
  // The line about the text is complete once denoising has begun.
  await expect.poll(cli.said, POLL).toMatch(/^text /m);
  const [engine = 0, ...others] = await childrenOf(cli.child.pid ?? 0);
  expect(others).toEqual([]);
  return engine;
}

describe('the engine', () => {
  it('killed in the middle of a render costs nothing but time', async () => {
    await using program = await makeTinyProgram(SLOW);
    const [out, report] = [program.at('a.mp4'), program.at('r.json')];
    const cli = startCli([...red, '--out', out, '--report', report, '--frames-dir', program.at('f')], program.env);
    process.kill(await denoising(cli), 'SIGKILL');
    const end = await cli.end;
    expect(end.stderr).toBe('');
    expect(end.code).toBe(0);
    expect(end.stdout.trimEnd().split('\n').at(-1)).toBe(out);

    const { attempts, decisions, delivered } = await readReport(report);
    expect(attempts.map(curedFaults)).toEqual([['engine-crashed'], []]);
    expect(attempts[0]?.faults[0]?.evidence).toMatchObject({ signal: 'SIGKILL' });
    expect(decisions).toHaveLength(1);
    expect(['resume', 'restart-clean']).toContain(decisions[0]?.action);
    expect(decisions[0]?.recoveryMs).toBeGreaterThan(0);
    expect(delivered).toMatchObject({ grade: 'repaired', frameCount: 9, sha256: await sha256Of(out) });

    // The same frames as if nothing had happened.
    const calm = [...red, '--out', program.at('b.mp4'), '--frames-dir', program.at('g')];
    expect((await runCli(calm, program.env)).code).toBe(0);
    expect(await hashFrames(program.at('f'))).toBe(await hashFrames(program.at('g')));
  });

  it('killed again and again still ends in a clip, graded as what it is', async () => {
    await using program = await makeTinyProgram(SLOW);
    const report = program.at('r.json');
    const cli = startCli([...red, '--out', program.at('a.mp4'), '--report', report], program.env);
    const timer = setInterval(() => {
      void childrenOf(cli.child.pid ?? 0).then((pids) => {
        // ffmpeg comes last; by then the engine has been given up.
        if (!/fallback-clip/.test(cli.said())) for (const pid of pids) process.kill(pid, 'SIGKILL');
      });
    }, 400);
    const { code } = await cli.end.finally(() => clearInterval(timer));
    expect(code).toBe(0);
    const { delivered, decisions } = await readReport(report);
    expect(delivered.grade).toBe('fallback');
    expect(decisions.at(-1)?.action).toBe('fallback-clip');
    expect(await sha256Of(program.at('a.mp4'))).toBe(delivered.sha256);
  });
});

describe('the program itself', () => {
  it('killed in the middle of a render leaves no engine behind, and finishes the job later', async () => {
    await using program = await makeTinyProgram(SLOW);
    const out = program.at('a.mp4');
    const cli = startCli([...red, '--out', out], program.env);
    const engine = await denoising(cli);
    cli.child.kill('SIGKILL');
    expect((await cli.end).signal).toBe('SIGKILL');
    expect(existsSync(out)).toBe(false);
    // The engine notices at the end of its step that nobody listens any more.
    await expect.poll(() => existsSync(`/proc/${engine}`), POLL).toBe(false);

    const resumed = await runCli(['render', '--resume'], program.env);
    expect(resumed).toMatchObject({ code: 0, stderr: '' });
    expect(resumed.stdout.trimEnd().split('\n').at(-1)).toBe(out);

    const calm = program.at('b.mp4');
    expect((await runCli([...red, '--out', calm], program.env)).code).toBe(0);
    expect((await runCli(['render', '--resume'], program.env)).stdout).toContain('nothing to finish');
  });

  it('killed leaves nothing in the folder for temporary files that the next start does not clear away', async () => {
    await using program = await makeTinyProgram(SLOW);
    const temporary = program.at('temporary');
    await mkdir(temporary);
    const env = { ...program.env, TMPDIR: temporary };
    const cli = startCli([...red, '--out', program.at('a.mp4')], env);
    await denoising(cli);
    cli.child.kill('SIGKILL');
    await cli.end;
    expect(await readdir(temporary)).toHaveLength(1);

    expect((await runCli(['render', '--resume'], env)).code).toBe(0);
    expect(await readdir(temporary)).toEqual([]);
  });

  it('goes on when nobody reads any more what it says, as in a pipe into head', async () => {
    await using program = await makeTinyProgram();
    const out = program.at('a.mp4');
    const cli = startCli([...red, '--out', out], program.env);
    cli.child.stdout.destroy();
    expect(await cli.end).toMatchObject({ code: 0, stderr: '' });
    expect(existsSync(out)).toBe(true);
  });

  it('asked to end by a signal writes nothing and says so', async () => {
    await using program = await makeTinyProgram(SLOW);
    const cli = startCli([...red, '--out', program.at('out', 'a.mp4')], program.env);
    const engine = await denoising(cli);
    cli.child.kill('SIGINT');
    expectRefusal(await cli.end, 3, 'cancelled');
    expect(await readdir(program.at('out'))).toEqual([]);
    expect(existsSync(`/proc/${engine}`)).toBe(false);
    expect((await runCli(['render', '--resume'], program.env)).stdout).toContain('nothing to finish');
  });
});
