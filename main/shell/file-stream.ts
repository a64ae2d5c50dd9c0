import { open } from 'node:fs/promises';

const CHUNK_BYTES = 256 * 1024;

/**
 * Part of a file as a web stream, read only as fast as it is taken. Written by hand because Node's own conversion
 * throws where nobody can catch it when a player breaks off, which players do all the time.
 *
 * @param last  the last byte to send, included
 * @throws the file system's error if the file can't be opened
 */
export async function fileStream(path: string, first: number, last: number): Promise<ReadableStream<Uint8Array>> {
  const handle = await open(path, 'r');
  let position = first;
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      try {
        const wanted = Math.min(CHUNK_BYTES, last - position + 1);
        const { bytesRead, buffer } = await handle.read(new Uint8Array(wanted), 0, wanted, position);
        position += bytesRead;
        if (bytesRead > 0) controller.enqueue(buffer.subarray(0, bytesRead));
        // A file that shrank meanwhile ends early: the player sees a short answer, not a hanging one.
        if (bytesRead === 0 || position > last) {
          await handle.close();
          controller.close();
        }
      } catch (cause) {
        await handle.close().catch(() => undefined);
        controller.error(cause);
      }
    },
    cancel: () => handle.close(),
  });
}
