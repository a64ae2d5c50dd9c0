/** What a request says of itself before its path is looked at. */
export interface RequestFacts {
  readonly method: string;
  readonly target: string;
  /** Names and values in turn, as they came: a header that came twice is there twice. */
  readonly rawHeaders: readonly string[];
}

export type Page = 'metrics' | 'health' | 'ready';
export type Verdict =
  { readonly kind: 'page'; readonly page: Page } | { readonly kind: 'refused'; readonly status: number };

const pages: Readonly<Record<string, Page>> = { '/metrics': 'metrics', '/healthz': 'health', '/readyz': 'ready' };

/**
 * Whether a request may be answered. A page of the web can make the browser ask here too (a name that it controls may
 * point to 127.0.0.1), so the address that was asked for has to be ours by name and port, and no page may have asked.
 */
export function judgeRequest({ method, target, rawHeaders }: RequestFacts, port: number): Verdict {
  const refused = (status: number): Verdict => ({ kind: 'refused', status });
  const values = (name: string): readonly string[] =>
    rawHeaders.flatMap((value, i) => (i % 2 === 1 && rawHeaders[i - 1]?.toLowerCase() === name ? [value] : []));

  const hosts = values('host');
  const [host = ''] = hosts;
  if (hosts.length !== 1 || ![`127.0.0.1:${port}`, `localhost:${port}`].includes(host.toLowerCase()))
    return refused(421);
  // Prometheus sends none of these; a browser sends one of them whenever a page asks.
  if (values('origin').length > 0 || values('referer').length > 0) return refused(403);
  if (values('sec-fetch-site').some((site) => site !== 'none')) return refused(403);
  if (method !== 'GET' && method !== 'HEAD') return refused(405);
  if (values('transfer-encoding').length > 0 || values('content-length').some((bytes) => bytes !== '0'))
    return refused(413);
  const path = target.split('?', 1)[0] ?? '';
  const page = Object.hasOwn(pages, path) ? pages[path] : undefined;
  return page === undefined ? refused(404) : { kind: 'page', page };
}
