import { type AuthPlugin, authPlugins } from 'mysql2';
import type { DatabaseConfig } from '../../config/config.js';
import { DatabaseError } from './database-error.js';
import { isLocalConnection } from './tls-options.js';

/**
 * Authentication methods that send the password itself: in clear, or encrypted with a key from the other side. These
 * versions are for a server whose identity is not proved: it gets only the proof that we know the password (R24).
 */
export const GUARDED_PLUGINS: Readonly<Record<string, AuthPlugin>> = {
  mysql_clear_password: () => refuse,
  sha256_password: () => refuse,
  caching_sha2_password: (metadata) => {
    const answer = authPlugins.caching_sha2_password({})(metadata);
    return (data) => (asksForPassword(data) ? refuse() : answer(data));
  },
};

/**
 * Whether the server's identity is proved by a certificate, by being on this machine, or by the administrator's word.
 */
export function isServerTrusted(database: DatabaseConfig): boolean {
  const { sslMode, sslCa, trustServer } = database;
  const isCertified = sslMode === 'verify_identity' || (sslMode === 'required' && sslCa !== undefined);
  return trustServer === true || isCertified || isLocalConnection(database);
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
