import { join } from 'node:path';

import { utilityProcess } from 'electron';

import { makeExpendable } from '../base/make-expendable.ts';
import type { SpawnEngine } from './engine-child.ts';
import { childEnvironment } from './node-child.ts';

/** The engine as Electron's utility process: the studio's adapter. */
export const spawnElectronEngine: SpawnEngine = ({ workFolder }) => {
  const child = utilityProcess.fork(join(import.meta.dirname, 'engine.js'), [], {
    cwd: workFolder,
    env: childEnvironment(),
    serviceName: 'Steadyframe engine',
    stdio: 'ignore',
  });
  let pid: number | undefined;
  let isKillWanted = false;
  const killByPid = (target: number): void => {
    try {
      process.kill(target, 'SIGKILL');
    } catch {
      // Already gone: its exit event is on the way.
    }
  };
  child.on('spawn', () => {
    pid = child.pid;
    makeExpendable(pid);
    if (isKillWanted && pid !== undefined) killByPid(pid);
  });
  return {
    get pid() {
      return pid;
    },
    post: (command) => child.postMessage(command),
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => void child.on('exit', (code) => listener({ code, signal: null })),
    kill: () => {
      // Electron's own kill() waits two seconds for a stopped child and has no pid before 'spawn'.
      isKillWanted = true;
      if (pid !== undefined) killByPid(pid);
    },
  };
};
