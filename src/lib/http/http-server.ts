import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Server as NetServer, Socket } from 'node:net';
import { STALLED_MS } from './held-response.js';
import { refusePipelining } from './refuse-pipelining.js';

interface HttpServerOptions {
  readonly answer: RequestListener;
  /** One connection more is closed at once. */
  readonly maxConnections: number;
  /** How long a connection may be idle between two requests, ms. */
  readonly keepAliveTimeout: number;
  /** PEM texts. Absent: plain HTTP. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

/** No reader needs longer for a request, nor more headers. ms and bytes. */
const LIMITS = {
  maxHeaderSize: 8192,
  headersTimeout: 5000,
  requestTimeout: 10_000,
  // Node.js looks this often even while there is no connection: a look a second was half of the wake-ups of an idle service.
  connectionsCheckingInterval: 5000,
};
const HANDSHAKE_MS = 5000;

/**
 * An HTTP server that bounds what a client can take of it: connections, headers, the time for a request, and answers at
 * once.
 */
export function createHttpServer({
  answer,
  maxConnections,
  keepAliveTimeout,
  tls,
}: HttpServerOptions): Server {
  const listener = refusePipelining(answer);
  const limits = { ...LIMITS, keepAliveTimeout };
  const server = tls
    ? createTlsServer({ ...limits, ...tls, minVersion: 'TLSv1.2', handshakeTimeout: HANDSHAKE_MS }, listener)
    : createServer(limits, listener);
  server.maxConnections = maxConnections;
  server.timeout = STALLED_MS;
  return server;
}

/** Rejects if the server cannot listen there, with what to do. */
export function listenOn(server: NetServer, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void => reject(explain(error, port));
    server.once('error', fail);
    server.listen({ host, port }, () => {
      server.off('error', fail);
      resolve();
    });
  });
}

function explain(error: NodeJS.ErrnoException, port: number): Error {
  const remedies: Readonly<Record<string, string>> = {
    EADDRINUSE: `another program has the port: ss -ltnp 'sport = :${port}' shows it`,
    EADDRNOTAVAIL: 'this host does not have the address',
    EACCES: 'a port below 1024 needs CAP_NET_BIND_SERVICE: monitor_service check says how to give it',
  };
  const remedy = remedies[error.code ?? ''];
  return remedy === undefined ? error : new Error(`${error.message}; ${remedy}`, { cause: error });
}

/** Closes all connections. Never rejects. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
    // What is still in the handshake of TLS becomes a connection only now, and no time limit would end it.
    server.on('secureConnection', (socket: Socket) => socket.destroy());
  });
}
