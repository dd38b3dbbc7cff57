import { lstatSync, mkdirSync, unlinkSync } from 'node:fs';
import { connect, type Server } from 'node:net';
import { dirname } from 'node:path';
import { MonitorError } from '../domain/errors.js';

/** The control socket cannot be had; the service runs without. */
export class SocketError extends MonitorError {
  readonly retryable = false;
}

/** A living peer answers at once; one that is frozen is alive as well, ms. */
const PROBE_TIMEOUT_MS = 1000;

/**
 * Lets the server listen on this path, mode 0600. The socket that a dead daemon left there is replaced, that of a
 * living one never.
 *
 * @throws SocketError that says who is in the way, and what to do.
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

/** What tells one file from another that came to the same place later. */
function identify(path: string): { readonly isSocket: boolean; readonly identity: string } | undefined {
  const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  return stats && { isSocket: stats.isSocket(), identity: `${stats.dev} ${stats.ino} ${stats.ctimeNs}` };
}

async function removeStale(path: string): Promise<void> {
  const found = identify(path);
  if (!found) return;
  if (!found.isSocket) {
    throw new SocketError(`${path} is no socket`, {
      remedy: 'remove it, or give control_socket another path',
    });
  }
  if (await isAlive(path)) {
    throw new SocketError(`another monitor_service listens on ${path}`, {
      remedy: 'end it, or give each a control_socket of its own',
    });
  }
  // In one go: somebody else may have found it dead as well and put his own there.
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
      // Its queue is full: whoever it is, he is not gone.
      else if (error.code === 'EAGAIN') answer(true);
      else reject(error);
    });
  });
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    // From its first moment for nobody else: the socket is made within this call.
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
