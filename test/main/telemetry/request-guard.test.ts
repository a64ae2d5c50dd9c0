import { describe, expect, it } from 'vitest';

import { judgeRequest, type RequestFacts } from '../../../main/telemetry/request-guard.ts';

const PORT = 9_464;
const good: RequestFacts = { method: 'GET', target: '/metrics', rawHeaders: ['Host', `127.0.0.1:${PORT}`] };
const withHost = (...hosts: readonly string[]): RequestFacts => ({
  ...good,
  rawHeaders: hosts.flatMap((host) => ['Host', host]),
});
const withHeader = (name: string, value: string): RequestFacts => ({
  ...good,
  rawHeaders: [...good.rawHeaders, name, value],
});

/** Each of them a way that was used against some local server. */
export const attacks: readonly (readonly [string, RequestFacts])[] = [
  ...[
    ...['evil.example', `evil.example:${PORT}`, 'evil.example:80', `127.0.0.1.evil.example:${PORT}`],
    ...[`localhost.evil.example:${PORT}`, `evil-localhost:${PORT}`, `127.0.0.1@evil.example:${PORT}`],
    ...['127.0.0.1', 'localhost', '127.0.0.1:80', `127.0.0.1:${PORT + 1}`, `127.0.0.1:${PORT}0`, `127.0.0.1:0${PORT}`],
    ...[`127.0.0.1.:${PORT}`, `localhost.:${PORT}`, `127.1:${PORT}`, `2130706433:${PORT}`, `0x7f000001:${PORT}`],
    ...[`0177.0.0.1:${PORT}`, `0.0.0.0:${PORT}`, `[::1]:${PORT}`, `[::ffff:127.0.0.1]:${PORT}`, `192.168.0.10:${PORT}`],
    ...[`127.0.0.1:${PORT}/`, ` 127.0.0.1:${PORT}`, `127.0.0.1:${PORT},evil.example`, `127.0.0.1:${PORT}#evil`, ''],
    ...[`127.0.0.1.nip.io:${PORT}`, `①②⑦.0.0.1:${PORT}`, `http://127.0.0.1:${PORT}`],
  ].map((host) => [`Host ${JSON.stringify(host)}`, withHost(host)] as const),
  ['no Host', withHost()],
  ['two Hosts, the good one first', withHost(`127.0.0.1:${PORT}`, 'evil.example')],
  ['two Hosts, the good one last', withHost('evil.example', `127.0.0.1:${PORT}`)],
  ['the same Host twice', withHost(`127.0.0.1:${PORT}`, `127.0.0.1:${PORT}`)],
  ...[
    'https://evil.example',
    'null',
    `http://127.0.0.1:${PORT}`,
    `http://localhost:${PORT}`,
    'file://',
    'app://studio',
    '',
  ].map((origin) => [`Origin ${JSON.stringify(origin)}`, withHeader('Origin', origin)] as const),
  ['a Referer', withHeader('Referer', 'https://evil.example/')],
  ...['cross-site', 'same-site', 'same-origin'].map(
    (site) => [`Sec-Fetch-Site ${site}`, withHeader('sec-fetch-site', site)] as const,
  ),
  ...['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT', 'get', 'PROPFIND', ''].map(
    (method) => [`method ${JSON.stringify(method)}`, { ...good, method }] as const,
  ),
  ['a body', withHeader('Content-Length', '5')],
  ['a chunked body', withHeader('Transfer-Encoding', 'chunked')],
  ...[
    '/',
    '',
    '/metrics/',
    '/METRICS',
    '//metrics',
    '/metrics/../healthz',
    '/%6detrics',
    '*',
    `http://127.0.0.1:${PORT}/metrics`,
  ].map((target) => [`target ${JSON.stringify(target)}`, { ...good, target }] as const),
  ['constructor as a path', { ...good, target: 'constructor' }],
];

describe('the guard', () => {
  it('has enough to do', () => expect(attacks.length).toBeGreaterThanOrEqual(60));

  it.each(attacks)('refuses %s', (_name, request) => {
    expect(judgeRequest(request, PORT)).toMatchObject({ kind: 'refused' });
  });

  it.each([
    [good, 'metrics'],
    [{ ...good, method: 'HEAD' }, 'metrics'],
    [{ ...good, target: '/metrics?collect=all' }, 'metrics'],
    [{ ...good, target: '/healthz' }, 'health'],
    [{ ...good, target: '/readyz' }, 'ready'],
    [withHost(`localhost:${PORT}`), 'metrics'],
    [withHost(`LOCALHOST:${PORT}`), 'metrics'],
    // A person who typed the address into a browser.
    [withHeader('Sec-Fetch-Site', 'none'), 'metrics'],
    [withHeader('Accept', 'application/openmetrics-text'), 'metrics'],
  ])('answers %j', (request, page) => {
    expect(judgeRequest(request, PORT)).toEqual({ kind: 'page', page });
  });
});
