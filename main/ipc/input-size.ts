/** The most that the page may send in one call: above the largest legal settings, below what would stall main. */
export const INPUT_LIMIT_BYTES = 1024 * 1024;

const NODE_BYTES = 8;

/**
 * Whether a value that came through structured clone is larger than `limitBytes`; a character counts as one byte.
 * Stops as soon as that is known, so neither depth nor a circle costs more than the limit.
 */
export function isLargerThan(value: unknown, limitBytes: number): boolean {
  let bytes = 0;
  const left: unknown[] = [value];
  while (left.length > 0) {
    const node = left.pop();
    bytes += NODE_BYTES;
    if (typeof node === 'string') bytes += node.length;
    else if (typeof node === 'bigint') bytes += node.toString(16).length;
    else if (ArrayBuffer.isView(node)) bytes += node.byteLength;
    else if (node instanceof ArrayBuffer) bytes += node.byteLength;
    else if (node instanceof Map) for (const entry of node) left.push(...entry);
    else if (node instanceof Set) for (const entry of node) left.push(entry);
    else if (Array.isArray(node)) {
      // Pushed one by one: an array of a million entries must not become a million arguments.
      if (node.length * NODE_BYTES > limitBytes) return true;
      for (const entry of node) left.push(entry);
    } else if (typeof node === 'object' && node !== null)
      for (const [key, entry] of Object.entries(node)) {
        bytes += key.length;
        left.push(entry);
      }
    if (bytes + left.length * NODE_BYTES > limitBytes) return true;
  }
  return false;
}
