import { closeServer, createHttpServer } from '../lib/http/http-server.js';
import type { Route } from '../lib/http/route.js';
import { createRouter } from '../lib/http/router.js';
import { claimSocket } from './claim-socket.js';
import { describeFailure } from './describe-failure.js';

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

/** Few clients need more than one connection. */
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
  const server = createHttpServer({
    answer: createRouter({ routes, describeFailure }),
    maxConnections: MAX_CONNECTIONS,
    keepAliveTimeout: 1000,
  });
  await claimSocket(server, path);
  server.on('error', onFailure);
  return { path, close: () => closeServer(server) };
}
