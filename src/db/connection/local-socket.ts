import { lstatSync, statSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { dirname } from 'node:path';
import type { DatabaseConfig } from '../../config/config.js';
import type { ConnectArguments } from './preferred-tls.js';

/** The sockets of RHEL, Debian and MySQL's own packages. Never in /tmp, where anybody could create it first. */
const PLACES = [
  '/var/lib/mysql/mysql.sock',
  '/run/mysqld/mysqld.sock',
  '/run/mysql/mysql.sock',
  '/run/mariadb/mariadb.sock',
] as const;

export const DEFAULT_PORT = 3306;

/** `host = localhost` means the server's Unix socket, as for every MySQL client; a port or TLS in the file means TCP. */
export function isSocketMeant({ host, port, socket, sslMode }: DatabaseConfig): boolean {
  const isTcpMeant = port !== undefined || sslMode === 'required' || sslMode === 'verify_identity';
  return socket !== undefined || (host === 'localhost' && !isTcpMeant);
}

/** The address of the server, for people: the one that a connection would use now. */
export function describeServer(database: DatabaseConfig): string {
  const { socket = isSocketMeant(database) ? findLocalSocket() : undefined, host, port } = database;
  return socket ?? `${host.includes(':') ? `[${host}]` : host}:${port ?? DEFAULT_PORT}`;
}

/**
 * The `stream` option of mysql2: uses the server's socket if there is one, else TCP. Decided for each connection,
 * because the server may start after this service.
 */
export function connectLocally({ config }: ConnectArguments): Socket {
  const path = findLocalSocket();
  const socket = path === undefined ? connect(config.port, config.host) : connect(path);
  socket.setNoDelay(true);
  return socket;
}

/** The socket of the server on this machine, if only the server can have created it. */
export function findLocalSocket(places: readonly string[] = PLACES): string | undefined {
  return places.find(isServersOwn);
}

/** It is in a folder where no other user can write, and belongs to root or to the owner of the folder. */
function isServersOwn(path: string): boolean {
  try {
    const socket = lstatSync(path);
    const folder = statSync(dirname(path));
    const isOfOwner = socket.uid === 0 || socket.uid === folder.uid;
    return socket.isSocket() && isOfOwner && (folder.mode & 0o022) === 0;
  } catch {
    return false;
  }
}
