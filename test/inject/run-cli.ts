import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { expect } from 'vitest';

import { sampleManifest } from '../app/sample-pack.ts';

const repository = resolve(import.meta.dirname, '..', '..');
const cli = join(repository, 'dist', 'main', 'cli.js');

export interface CommandEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Start the built command line as scripts do; `within` is a command that starts it in turn. */
export function startCli(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd?: string,
  within: readonly string[] = [],
) {
  const [command = process.execPath, ...rest] = [...within, process.execPath, cli, ...args];
  const child = spawn(command, rest, {
    env: { ...process.env, STEADYFRAME_ROOT: repository, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd ? { cwd } : {}),
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const end = new Promise<CommandEnd>((settle, fail) => {
    child.on('error', fail);
    child.on('close', (code, signal) => settle({ code, signal, stdout, stderr }));
  });
  return { child, end, said: () => stdout };
}

export const runCli = async (...how: Parameters<typeof startCli>) => startCli(...how).end;

/** What every refusal owes to a script: the exit code, and one line that a person can read. */
export function expectRefusal({ code, stderr }: CommandEnd, exitCode: 2 | 3, ...parts: readonly string[]): void {
  expect(stderr).toMatch(/^[^\n]+\n$/);
  expect(stderr).not.toMatch(/\bat .*\.(js|ts):\d|Error:|internal error|Warning/);
  expect(stderr.length).toBeLessThan(1_000);
  for (const part of parts) expect(stderr).toContain(part);
  expect(code).toBe(exitCode);
}

/** A program folder with one pack whose files are as hashed, and hold nothing that could be rendered with. */
export async function writeHollowProgram(root: string): Promise<string> {
  const folder = join(root, 'models', 'sample', 'pack');
  await mkdir(folder, { recursive: true });
  const raw = sampleManifest();
  for (const name of Object.keys(raw.files)) {
    await writeFile(join(folder, name), name);
    raw.files[name] = { sha256: createHash('sha256').update(name).digest('hex'), bytes: name.length };
  }
  await writeFile(join(folder, 'pack.json'), JSON.stringify(raw));
  return folder;
}
