import { err, type Result } from '../../app/base/result.ts';
import type { Route, WireError } from '../../app/contract/route.ts';
import { INPUT_LIMIT_BYTES, isLargerThan } from './input-size.ts';
import type { Call, Endpoint } from './serve.ts';

/** One endpoint for each route: a missing one does not compile. */
export type Endpoints = Readonly<Record<Route, Endpoint>>;

/** Answer one call of the page. The order matters: a stranger is told nothing, and nothing large is looked into. */
export async function answerCall(
  endpoints: Endpoints,
  route: unknown,
  raw: unknown,
  call: Call,
): Promise<Result<unknown, WireError>> {
  if (!call.isTrusted) return err({ code: 'untrusted-sender', detail: '' });
  if (!isRoute(endpoints, route)) return err({ code: 'bad-input', detail: 'there is no such route' });
  if (isLargerThan(raw, INPUT_LIMIT_BYTES))
    return err({ code: 'too-large', detail: `legal: at most ${INPUT_LIMIT_BYTES} bytes` });
  return endpoints[route](raw, call);
}

// Own keys only: "constructor" is no route.
const isRoute = (endpoints: Endpoints, route: unknown): route is Route =>
  typeof route === 'string' && Object.hasOwn(endpoints, route);
