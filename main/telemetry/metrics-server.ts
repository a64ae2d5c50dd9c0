import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';

import { messageOf } from '../../app/base/message-of.ts';
import { err, ok, type Result } from '../../app/base/result.ts';
import type { Metrics } from './metric-set.ts';
import { judgeRequest } from './request-guard.ts';

const ADDRESS = '127.0.0.1';
/** Whoever opens a connection and says nothing is cut off. */
const HEADERS_LIMIT_MS = 5_000;
const CONNECTION_LIMIT = 16;
const HEADER_LIMIT_BYTES = 8 * 1024;

/** The metrics endpoint on this machine's own address; nobody else can reach it, and no web page may. */
export class MetricsServer implements AsyncDisposable {
  readonly #server: Server;
  readonly port: number;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.port = port;
  }

  /** @param port  0 for any that is free */
  static async open(port: number, metrics: Metrics, isReady: () => boolean): Promise<Result<MetricsServer, string>> {
    const server = createServer({ maxHeaderSize: HEADER_LIMIT_BYTES }, (request, response) => {
      void answer(request, response, metrics, isReady).catch(() => response.destroy());
    });
    server.headersTimeout = HEADERS_LIMIT_MS;
    server.requestTimeout = HEADERS_LIMIT_MS;
    server.maxConnections = CONNECTION_LIMIT;
    server.listen(port, ADDRESS);
    try {
      await once(server, 'listening');
    } catch (cause) {
      return err(messageOf(cause));
    }
    // Measuring keeps no program alive.
    server.unref();
    return ok(new MetricsServer(server, portOf(server)));
  }

  get url(): string {
    return `http://${ADDRESS}:${this.port}/metrics`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    if (this.#server.listening) await once(this.#server, 'close');
  }
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('bug: the server listens on a port');
  return address.port;
}

const headers = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
};

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  metrics: Metrics,
  isReady: () => boolean,
): Promise<void> {
  const { method = '', url: target = '', rawHeaders } = request;
  const verdict = judgeRequest({ method, target, rawHeaders }, request.socket.localPort ?? 0);
  const send = (status: number, text: string, type = 'text/plain; charset=utf-8'): void => {
    response.writeHead(status, { ...headers, 'Content-Type': type, 'Content-Length': Buffer.byteLength(text) });
    response.end(method === 'HEAD' ? undefined : text);
  };
  if (verdict.kind === 'refused') {
    // What was sent beside the refused request is not read.
    response.setHeader('Connection', 'close');
    return send(verdict.status, 'refused\n');
  }
  switch (verdict.page) {
    case 'metrics':
      return send(200, await metrics.registry.metrics(), metrics.registry.contentType);
    case 'health':
      return send(200, 'ok\n');
    case 'ready':
      return isReady() ? send(200, 'ready\n') : send(503, 'the engine is not warm yet\n');
  }
}
