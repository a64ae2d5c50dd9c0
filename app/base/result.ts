/** Outcome of work that is allowed to fail. A bug is thrown instead. */
export type Result<T, E> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

export const ok = <T>(value: T): Result<T, never> => ({ ok: true, value });
export const err = <E>(error: E): Result<never, E> => ({ ok: false, error });

/** Compile-time proof that a union was handled; reached at run time only by a bug. */
export function unreachable(value: never): never {
  throw new Error(`bug: unhandled case ${JSON.stringify(value)}`);
}

/** A broken promise between our own modules is a bug: throw, end the job with a report, never repair around it. */
export function assertOwn(condition: boolean, promise: string): asserts condition {
  if (!condition) throw new Error(`bug: ${promise}`);
}
