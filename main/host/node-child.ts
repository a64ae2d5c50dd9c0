import { fork } from 'node:child_process';
import { join } from 'node:path';

import { makeExpendable } from '../base/make-expendable.ts';
import type { EngineChild, SpawnEngine } from './engine-child.ts';

/** Only what a native library needs to start: a child never inherits the whole environment. */
const inheritedNames = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'SystemRoot', 'LD_LIBRARY_PATH', 'LANG'];

/** ONNX Runtime's packages report to their maker from 1.29 on; this is a full opt-out, if it is set before the start. */
export const withoutTelemetry = { ORT_DISABLE_TELEMETRY: '1' };

export function childEnvironment(): Record<string, string> {
  const entries = inheritedNames.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(entries), ...withoutTelemetry };
}

/** The engine as a plain Node child: for the command line, workers without a display, and tests. */
export const spawnNodeEngine: SpawnEngine = (options) => spawnEngineFrom(bundlePath, options);

const bundlePath = join(import.meta.dirname, 'engine.js');

/**
 * The engine's own work is the runtime's, which has threads of its own: JavaScript needs no more than these. Where few processes are
 * allowed, that is the difference between an engine and none.
 */
const fewThreads = { execArgv: ['--v8-pool-size=1'], env: { UV_THREADPOOL_SIZE: '1' } };

/** @param path  of the engine's code; a test may run it unbuilt */
export const spawnEngineFrom = (path: string, { workFolder }: Parameters<SpawnEngine>[0]): EngineChild => {
  const child = fork(path, [], {
    cwd: workFolder,
    execArgv: [...process.execArgv, ...fewThreads.execArgv],
    env: { ...childEnvironment(), ...fewThreads.env },
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  makeExpendable(child.pid);
  return {
    pid: child.pid,
    post: (command) => {
      // A child that died a moment ago is reported by its exit, not by a failed send.
      if (child.connected) child.send(command, () => undefined);
    },
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => {
      let isTold = false;
      const tell = (code: number | null, signal: string | null): void => {
        if (isTold) return;
        isTold = true;
        listener({ code, signal });
      };
      child.on('exit', tell);
      child.on('error', () => tell(null, null));
    },
    kill: () => void child.kill('SIGKILL'),
  };
};
