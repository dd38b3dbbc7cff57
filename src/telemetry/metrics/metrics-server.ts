import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { MetricsConfig } from '../../config/config.js';
import type { Metrics } from './metrics.js';

export interface MetricsServer {
  /** Closes all connections. Never rejects. */
  close(): Promise<void>;
}

/** Prometheus reads every few seconds, over few connections. */
const LIMITS = {
  maxHeaderSize: 8192,
  headersTimeout: 5000,
  requestTimeout: 10_000,
  keepAliveTimeout: 5000,
  connectionsCheckingInterval: 1000,
};
const MAX_CONNECTIONS = 32;

/** Serves the metrics over HTTP without a login, read-only. Rejects if it cannot listen on the address. */
export async function openMetricsServer(
  { host, port }: NonNullable<MetricsConfig['listen']>,
  text: Pick<Metrics, 'contentType' | 'render'>,
  onFailure: (error: Error) => void,
): Promise<MetricsServer> {
  const server = createServer(LIMITS, (request, response) => void answer(request, response, text));
  server.maxConnections = MAX_CONNECTIONS;
  await listen(server, host, port);
  server.on('error', onFailure);
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  text: Pick<Metrics, 'contentType' | 'render'>,
): Promise<void> {
  // No reader has a reason to send a body.
  request.resume();
  const end = (status: number, contentType: string, body: string): void => {
    response.writeHead(status, { 'Content-Type': contentType, 'Content-Length': Buffer.byteLength(body) });
    response.end(request.method === 'HEAD' ? '' : body);
  };
  const [path] = (request.url ?? '').split('?');
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    return end(405, PLAIN, 'only GET and HEAD\n');
  }
  if (path !== '/metrics') return end(404, PLAIN, 'the metrics are at /metrics\n');
  try {
    end(200, text.contentType, await text.render());
  } catch (error) {
    end(500, PLAIN, `cannot collect the metrics: ${error instanceof Error ? error.message : 'unknown'}\n`);
  }
}

const PLAIN = 'text/plain; charset=utf-8';
