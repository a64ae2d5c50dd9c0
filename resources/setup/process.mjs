import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';

import { isWindows, rootPath, say } from './base.mjs';
import { noteChild } from './lock.mjs';

const HEARTBEAT_MS = 10_000;
const KEPT_OUTPUT_LIMIT = 64 * 1024;

/**
 * Run a program to its end and keep what it said. Never throws for a failing program.
 *
 * @returns { code, output, timedOut }; code is null when it could not start or was killed
 */
export function capture(command, args, { env = process.env, limitMs = 0, label = '' } = {}) {
  return new Promise((resolve) => {
    const startMs = Date.now();
    const child = spawn(command, args, { cwd: rootPath, env, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
    const forgetChild = noteChild(child.pid);
    let output = '';
    let timedOut = false;
    const keep = (chunk) => (output = (output + chunk).slice(-KEPT_OUTPUT_LIMIT));
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const limit = limitMs
      ? setTimeout(() => {
          timedOut = true;
          child.kill('SIGKILL');
        }, limitMs)
      : null;
    const heartbeat = label
      ? setInterval(() => say(`${label} … ${Math.round((Date.now() - startMs) / 1000)} s`), HEARTBEAT_MS)
      : null;
    const finish = (code) => {
      clearTimeout(limit);
      clearInterval(heartbeat);
      forgetChild();
      resolve({ code, output, timedOut });
    };
    child.on('error', (cause) => {
      output += cause.message;
      finish(null);
    });
    child.on('close', finish);
  });
}

/**
 * Hand the terminal over to a child and end as it ends.
 *
 * @returns its exit code untouched; 128 + n for a signal that we passed on; 3 for one that came from elsewhere
 */
export function handOver(command, args, env, cwd = rootPath) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, stdio: 'inherit' });
    let forwarded = null;
    const forward = (signal) => {
      forwarded = signal;
      // A terminal sends Ctrl-C to the whole group: the child has it already, a second one would mean "force".
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    };
    const signals = isWindows ? ['SIGINT'] : ['SIGINT', 'SIGTERM', 'SIGHUP'];
    const handlers = signals.map((signal) => [signal, () => forward(signal)]);
    for (const [signal, handler] of handlers) process.on(signal, handler);
    const finish = (code) => {
      for (const [signal, handler] of handlers) process.off(signal, handler);
      resolve(code);
    };
    child.on('error', (cause) => {
      process.stderr.write(`could not start ${command}: ${cause.message}\n`);
      finish(3);
    });
    child.on('exit', (code, signal) => {
      if (code !== null) return finish(code);
      if (signal === forwarded) return finish(128 + (constants.signals[signal] ?? 0));
      process.stderr.write(`the program was ended by ${signal}, which did not come from here; run the command again\n`);
      finish(3);
    });
  });
}

/** How to call npm without a shell: its own script under the Node that runs us, wherever that can be found. */
export function npmCommand() {
  const beside = path.dirname(process.execPath);
  const script = [
    process.env.npm_execpath ?? '',
    path.join(beside, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    path.join(beside, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ].find((candidate) => candidate.endsWith('npm-cli.js') && existsSync(candidate));
  if (script) return { command: process.execPath, args: [script] };
  return { command: isWindows ? 'npm.cmd' : 'npm', args: [] };
}

/** Absolute path of a program on PATH, or null. */
export function onPath(name) {
  const names = isWindows ? [`${name}.exe`, `${name}.cmd`] : [name];
  for (const folder of (process.env.PATH ?? '').split(path.delimiter))
    for (const file of names) if (folder && existsSync(path.join(folder, file))) return path.join(folder, file);
  return null;
}
