import { createServer } from 'node:http';
import { answerRequest } from './answer-request.js';
import { claimSocket } from './claim-socket.js';
import type { Route } from './route.js';

export interface ControlServer {
  readonly path: string;
  /** Closes all connections and removes the socket. Never rejects. */
  close(): Promise<void>;
}

interface ControlServerOptions {
  readonly path: string;
  readonly routes: readonly Route[];
  /** Something went wrong while it listened. */
  readonly onFailure: (error: Error) => void;
}

/** Limits for one client: few need more than one connection, and none needs a minute for its request. */
const LIMITS = {
  maxHeaderSize: 8192,
  headersTimeout: 5000,
  requestTimeout: 10_000,
  keepAliveTimeout: 1000,
  connectionsCheckingInterval: 1000,
};
const MAX_CONNECTIONS = 64;

/**
 * HTTP on a Unix socket of mode 0600: only root, or the user of the service, may connect. There is no other
 * authentication.
 *
 * @throws SocketError
 */
export async function openControlServer({
  path,
  routes,
  onFailure,
}: ControlServerOptions): Promise<ControlServer> {
  const server = createServer(LIMITS, (request, response) => void answerRequest(routes, request, response));
  server.maxConnections = MAX_CONNECTIONS;
  await claimSocket(server, path);
  server.on('error', onFailure);
  return {
    path,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
