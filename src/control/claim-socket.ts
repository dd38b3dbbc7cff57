import { lstatSync, mkdirSync, unlinkSync } from 'node:fs';
import { connect, type Server } from 'node:net';
import { dirname } from 'node:path';
import { MonitorError } from '../domain/errors.js';

/** The control socket cannot be opened; the service runs without it. */
export class SocketError extends MonitorError {
  readonly retryable = false;
}

/** A live peer answers at once. A peer that does not answer is frozen, which counts as alive. ms. */
const PROBE_TIMEOUT_MS = 1000;

/**
 * Lets the server listen on this path, mode 0600. Replaces the socket of a dead daemon, never that of a live one.
 *
 * @throws SocketError that names the obstacle and the remedy.
 */
export async function claimSocket(server: Server, path: string): Promise<void> {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    await removeStale(path);
    await listen(server, path);
  } catch (error) {
    if (error instanceof SocketError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new SocketError(`${path}: ${reason}`, { cause: error });
  }
}

/** Distinguishes a file from a later one with the same path. */
function identify(path: string): { readonly isSocket: boolean; readonly identity: string } | undefined {
  const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  return stats && { isSocket: stats.isSocket(), identity: `${stats.dev} ${stats.ino} ${stats.ctimeNs}` };
}

async function removeStale(path: string): Promise<void> {
  const found = identify(path);
  if (!found) return;
  if (!found.isSocket) {
    throw new SocketError(`${path} is not a socket`, {
      remedy: 'remove it, or set control_socket to another path',
    });
  }
  if (await isAlive(path)) {
    throw new SocketError(`another monitor_service listens on ${path}`, {
      remedy: 'stop it, or give each service its own control_socket',
    });
  }
  // Without a pause in between: another service may also have found it dead and put its own socket there.
  if (identify(path)?.identity === found.identity) unlinkSync(path);
}

function isAlive(path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const probe = connect(path);
    const answer = (alive: boolean): void => {
      probe.destroy();
      resolve(alive);
    };
    probe.setTimeout(PROBE_TIMEOUT_MS, () => answer(true));
    probe.once('connect', () => answer(true));
    probe.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') answer(false);
      // Its queue is full, so the peer is alive.
      else if (error.code === 'EAGAIN') answer(true);
      else reject(error);
    });
  });
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    // No other user may connect, not even at first: this call creates the socket.
    const before = process.umask(0o177);
    try {
      server.listen(path, () => {
        server.off('error', reject);
        resolve();
      });
    } finally {
      process.umask(before);
    }
  });
}
