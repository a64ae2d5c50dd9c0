import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createMetrics, type Metrics } from '../../../main/telemetry/metric-set.ts';
import { MetricsServer } from '../../../main/telemetry/metrics-server.ts';

let server: MetricsServer;
let metrics: Metrics;
let isReady = false;
beforeEach(async () => {
  metrics = createMetrics({ version: '1.2.3', commit: 'abc' });
  const opened = await MetricsServer.open(0, metrics, () => isReady);
  if (!opened.ok) throw new Error(opened.error);
  server = opened.value;
});
afterEach(async () => server[Symbol.asyncDispose]());

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

async function ask(
  path: string,
  { method = 'GET', headers = {} as Record<string, string>, body = '' } = {},
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const request = httpRequest(
    { host: '127.0.0.1', port: server.port, path, method, headers, agent: false },
    (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    },
  );
  request.on('error', reject);
  request.end(body);
  return promise;
}

it('answers what Prometheus asks, and nobody is allowed to frame, sniff or keep it', async () => {
  const { status, headers, text } = await ask('/metrics');
  expect(status).toBe(200);
  expect(headers['content-type']).toContain('text/plain; version=0.0.4');
  expect(text).toContain('steadyframe_build_info{version="1.2.3",commit="abc"} 1');
  expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
  expect(headers['access-control-allow-origin']).toBeUndefined();
});

it('answers HEAD with the head alone', async () => {
  const { status, headers, text } = await ask('/metrics', { method: 'HEAD' });
  expect([status, text]).toEqual([200, '']);
  expect(Number(headers['content-length'])).toBeGreaterThan(1_000);
});

it('says that it lives, and whether the engine is warm', async () => {
  expect(await ask('/healthz')).toMatchObject({ status: 200, text: 'ok\n' });
  expect((await ask('/readyz')).status).toBe(503);
  isReady = true;
  expect((await ask('/readyz')).status).toBe(200);
});

it.each([
  ['a name that was rebound to this machine', { headers: { Host: 'evil.example' } }],
  ['a page of the web', { headers: { Origin: 'https://evil.example' } }],
  ['a form', { method: 'POST', body: 'a=b' }],
  [
    'a preflight',
    { method: 'OPTIONS', headers: { Origin: 'https://evil.example', 'Access-Control-Request-Method': 'GET' } },
  ],
])('refuses %s without telling anything', async (_name, options) => {
  const { status, text, headers } = await ask('/metrics', options);
  expect(status).toBeGreaterThanOrEqual(400);
  expect(text).toBe('refused\n');
  expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
});

it('listens on this machine’s own address alone', async () => {
  const others = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4');
  for (const { address } of others) {
    const { promise, resolve } = Promise.withResolvers<string>();
    const socket = connect(server.port, address);
    socket.on('connect', () => resolve('connected')).on('error', () => resolve('refused'));
    expect(await promise).toBe('refused');
    socket.destroy();
  }
  expect(server.url).toBe(`http://127.0.0.1:${server.port}/metrics`);
});

it('survives garbage on its port', async () => {
  for (const garbage of ['\0\0\0\0', 'GET\r\n\r\n', `GET /metrics HTTP/1.1\r\nHost: ${'a'.repeat(20_000)}\r\n\r\n`]) {
    const { promise, resolve } = Promise.withResolvers<void>();
    const socket = connect(server.port, '127.0.0.1');
    socket
      .on('close', () => resolve())
      .on('error', () => undefined)
      .resume();
    socket.write(garbage);
    socket.end();
    await promise;
  }
  expect((await ask('/healthz')).status).toBe(200);
});

it('says why it can not listen where somebody else does', async () => {
  const second = await MetricsServer.open(server.port, metrics, () => true);
  expect(second).toMatchObject({ ok: false, error: expect.stringContaining('EADDRINUSE') as string });
});

describe('what could not be read', () => {
  const shown = async (name: string): Promise<boolean> =>
    new RegExp(`^${name}[ {]`, 'm').test((await ask('/metrics')).text);
  it('is left out, never 0, also when it was there before', async () => {
    expect(await shown('steadyframe_frame_psnr_decibels')).toBe(false);
    metrics.psnr.set(31.5);
    expect((await ask('/metrics')).text).toContain('steadyframe_frame_psnr_decibels 31.5');
    metrics.psnr.set(null);
    expect(await shown('steadyframe_frame_psnr_decibels')).toBe(false);
    metrics.psnr.set(Number.NaN);
    expect(await shown('steadyframe_frame_psnr_decibels')).toBe(false);

    metrics.gpuPower.setAll([
      ['0', 120],
      ['1', null],
    ]);
    expect((await ask('/metrics')).text).toContain('steadyframe_gpu_power_watts{gpu="0"} 120');
    expect((await ask('/metrics')).text).not.toContain('steadyframe_gpu_power_watts{gpu="1"}');
    metrics.gpuPower.setAll([['0', null]]);
    expect(await shown('steadyframe_gpu_power_watts')).toBe(false);
  });
});
