import { z } from 'zod';

import { err, ok, type Result } from '../../app/base/result.ts';
import type { RouteDefinition, WireError } from '../../app/contract/route.ts';

/** Who asks, and who hears of a bug: details of it never reach the page. */
export interface Call {
  readonly isTrusted: boolean;
  readonly onBug: (cause: unknown) => void;
}

export type Endpoint = (raw: unknown, call: Call) => Promise<Result<unknown, WireError>>;

/** Never rejects: Electron keeps only `message` of a thrown error, so failure travels as data. */
export function serve<I, O>(
  { input: schema }: RouteDefinition<I, O>,
  handle: (input: I) => NoInfer<O> | Promise<NoInfer<O>>,
): Endpoint {
  return async (raw, { isTrusted, onBug }) => {
    if (!isTrusted) return err({ code: 'untrusted-sender', detail: '' });
    const input = schema.safeParse(raw);
    if (!input.success) return err({ code: 'bad-input', detail: z.prettifyError(input.error) });
    try {
      return ok(await handle(input.data));
    } catch (cause) {
      onBug(cause);
      return err({ code: 'internal', detail: '' });
    }
  };
}
