import { engineCommand, type EngineCommand, type EngineEvent } from '../../app/contract/engine.ts';

/** The engine's only door: typed events out, parsed commands in. */
export interface EnginePort {
  send(event: EngineEvent): void;
  onCommand(listener: (command: EngineCommand) => void): void;
}

/** The part of Electron's parentPort that is used, declared here so that the engine needs no electron import. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: { readonly data: unknown }) => void): void;
}

/** Electron's utility process or a plain Node child with an IPC channel: the engine is the same behind both. */
export function openPort(): EnginePort {
  const parentPort = (process as NodeJS.Process & { readonly parentPort?: ParentPort }).parentPort;
  if (parentPort)
    return {
      send: (event) => parentPort.postMessage(event),
      onCommand: (listener) => parentPort.on('message', ({ data }) => listener(engineCommand.parse(data))),
    };
  if (!process.send) throw new Error('bug: the engine was started without a channel to main');
  return {
    send: (event) => process.send?.(event),
    onCommand: (listener) => {
      process.on('message', (data) => listener(engineCommand.parse(data)));
      // Main is gone: nobody can use what is computed here, and an orphan would keep the memory.
      process.on('disconnect', () => process.exit(0));
    },
  };
}
