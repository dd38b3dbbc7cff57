import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import type { SslOptions } from 'mysql2';
import type { DatabaseConfig } from '../../config/config.js';
import { readTrustedCertificates } from '../../lib/system-certificates.js';
import { DatabaseError } from './database-error.js';

/**
 * The TLS part of the connection options, or nothing for a plain connection.
 *
 * - `required` encrypts; with ssl_ca the server's certificate must also be signed by it.
 * - `verify_identity` also requires the certificate to name the host, and to be signed: by ssl_ca, or without it by a CA that
 *   Node.js brings or this host trusts.
 * - `preferred` encrypts if the server offers it (see preferred-tls.ts), without checking the certificate. It does
 *   not encrypt if the bytes stay on this machine.
 */
export function tlsOptions(database: DatabaseConfig): SslOptions | undefined {
  const { sslMode, sslCa, socket } = database;
  // The socket file itself proves the identity of the server, and the server does no TLS through it.
  if (sslMode === 'disabled' || socket !== undefined) return undefined;
  if (sslMode === 'preferred') {
    return isLocalConnection(database) ? undefined : { rejectUnauthorized: false };
  }
  const ca = sslCa === undefined ? {} : { ca: readCertificates(sslCa) };
  if (sslMode === 'required') return { ...ca, rejectUnauthorized: sslCa !== undefined };

  // If the host is an address, mysql2 gives Node no name to check: Node would then accept anybody's certificate for
  // `localhost`.
  if (isIP(database.host) !== 0) {
    throw new DatabaseError(`ssl_mode = verify_identity cannot check the address ${database.host}`, {
      retryable: false,
      remedy: "write the name that is in the server's certificate as host in [database]",
    });
  }
  return { ...(sslCa === undefined ? trusted() : ca), rejectUnauthorized: true, verifyIdentity: true };
}

/** Without ssl_ca: what Node.js brings, and what this host trusts. */
function trusted(): { ca?: string[] } {
  const ca = readTrustedCertificates();
  return ca === undefined ? {} : { ca };
}

/** True if the bytes do not leave this machine. */
export function isLocalConnection({ socket, host }: DatabaseConfig): boolean {
  if (socket !== undefined) return true;
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

function readCertificates(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new DatabaseError(`cannot read ssl_ca ${path}: ${cause instanceof Error ? cause.message : cause}`, {
      retryable: false,
      remedy: 'correct ssl_ca in [database]',
      cause,
    });
  }
}
