import { type AuthPlugin, authPlugins } from 'mysql2';
import type { DatabaseConfig } from '../../config/config.js';
import { DatabaseError } from './database-error.js';
import { isPeerServer } from './judge-local-peer.js';
import { streamOf } from './stream-of.js';
import { isLocalConnection } from './tls-options.js';

/**
 * Authentication methods that send the password itself: in clear, or encrypted with a key from the other side. These
 * versions are for a server whose identity is not proved: it gets only the proof that we know the password (R24).
 */
const GUARDED_PLUGINS: Readonly<Record<string, AuthPlugin>> = {
  mysql_clear_password: () => refuse,
  sha256_password: () => refuse,
  caching_sha2_password: (metadata) => {
    const answer = authPlugins.caching_sha2_password({})(metadata);
    return (data) => (asksForPassword(data) ? refuse() : answer(data));
  },
};

/** The same for TCP on this machine: there it depends on whose process is at the other end. */
const LOCALLY_GUARDED_PLUGINS: Readonly<Record<string, AuthPlugin>> = {
  sha256_password: (metadata) => {
    const answer = authPlugins.sha256_password({})(metadata);
    return (data) => answerServer(metadata, () => answer(data));
  },
  caching_sha2_password: (metadata) => {
    const answer = authPlugins.caching_sha2_password({})(metadata);
    return (data) => (asksForPassword(data) ? answerServer(metadata, () => answer(data)) : answer(data));
  },
};

/** The authentication methods for this server; undefined for those of the driver. */
export function guardedPlugins(database: DatabaseConfig): Readonly<Record<string, AuthPlugin>> | undefined {
  if (isServerTrusted(database)) return undefined;
  return isLocalConnection(database) ? LOCALLY_GUARDED_PLUGINS : GUARDED_PLUGINS;
}

/**
 * Whether the server's identity is proved by a certificate, by a Unix socket that the file names, or by the administrator's
 * word.
 */
export function isServerTrusted({ socket, sslMode, sslCa, trustServer }: DatabaseConfig): boolean {
  const isCertified = sslMode === 'verify_identity' || (sslMode === 'required' && sslCa !== undefined);
  return trustServer === true || isCertified || socket !== undefined;
}

async function answerServer(
  { connection }: { readonly connection: object },
  answer: () => ReturnType<ReturnType<AuthPlugin>>,
): Promise<Buffer> {
  if (!(await isPeerServer(streamOf(connection)))) return refuseLocally();
  // Nothing to send is null, which the types of the driver have forgotten for promises.
  return (await answer()) as Buffer;
}

/** After the proof: 3 is "good", 4 is "send the password". */
function asksForPassword(data: Buffer): boolean {
  return data.length === 1 && data[0] === 4;
}

// Not thrown: the driver only looks at a rejection.
function refuse(): Promise<never> {
  return Promise.reject(
    new DatabaseError('the server asks for the password itself, but nothing proves which server it is', {
      retryable: false,
      remedy:
        'set ssl_mode = verify_identity and ssl_ca in [database]; without a certificate, set trust_server = yes',
    }),
  );
}

function refuseLocally(): Promise<never> {
  return Promise.reject(
    new DatabaseError(
      'the server asks for the password itself, and its process belongs neither to root nor to mysql or mariadb, or is not known',
      {
        retryable: false,
        remedy:
          "use the server's Unix socket (host = localhost without port, or socket); if this is your server, set trust_server = yes",
      },
    ),
  );
}
