import type { MetricsConfig } from '../../config/config.js';
import { describeError } from '../../domain/errors.js';
import { HttpError } from '../../lib/http/http-error.js';
import { closeServer, createHttpServer, listenOn } from '../../lib/http/http-server.js';
import { createRouter } from '../../lib/http/router.js';
import type { Metrics } from './metrics.js';
import { shareRendering } from './share-rendering.js';

export interface MetricsServer {
  /** Closes all connections. Never rejects. */
  close(): Promise<void>;
}

/** Prometheus reads every few seconds, over few connections. */
const MAX_CONNECTIONS = 32;

/** Serves the metrics over HTTP without a login, read-only. Rejects if it cannot listen on the address. */
export async function openMetricsServer(
  { host, port }: NonNullable<MetricsConfig['listen']>,
  text: Pick<Metrics, 'contentType' | 'render'>,
  onFailure: (error: Error) => void,
): Promise<MetricsServer> {
  const render = shareRendering(() => text.render());
  const server = createHttpServer({
    answer: createRouter({
      routes: [
        {
          method: 'GET',
          path: '/metrics',
          answer: async () => ({ kind: 'text', text: await render(), contentType: text.contentType }),
        },
      ],
      describeFailure,
    }),
    maxConnections: MAX_CONNECTIONS,
    keepAliveTimeout: 5000,
  });
  await listenOn(server, host, port);
  server.on('error', onFailure);
  return { close: () => closeServer(server) };
}

/** In plain text, for a person at a browser. */
function describeFailure(error: unknown): { readonly status: number; readonly body: string } {
  if (!(error instanceof HttpError))
    return { status: 500, body: `cannot collect the metrics: ${describeError(error)}\n` };
  const { status, message } = error;
  if (status === 404) return { status, body: 'the metrics are at /metrics\n' };
  return { status, body: status === 405 ? 'only GET and HEAD\n' : `${message}\n` };
}
