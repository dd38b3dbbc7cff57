import { type AuthPlugin, authPlugins } from 'mysql2';
import type { DatabaseConfig } from '../../config/config.js';
import { DatabaseError } from './database-error.js';
import { isLocalConnection } from './tls-options.js';

/**
 * Ways to log in that give the password itself to whoever answers: in clear, or encrypted with a key that the other
 * side has sent. Here for a server that nobody vouched for, which gets no more than the proof that we know it (R24).
 */
export const GUARDED_PLUGINS: Readonly<Record<string, AuthPlugin>> = {
  mysql_clear_password: () => refuse,
  sha256_password: () => refuse,
  caching_sha2_password: (metadata) => {
    const answer = authPlugins.caching_sha2_password({})(metadata);
    return (data) => (asksForPassword(data) ? refuse() : answer(data));
  },
};

/** Whether a certificate, this machine or the administrator's word says who the server is. */
export function isServerTrusted(database: DatabaseConfig): boolean {
  const { sslMode, sslCa, trustServer } = database;
  const isCertified = sslMode === 'verify_identity' || (sslMode === 'required' && sslCa !== undefined);
  return trustServer === true || isCertified || isLocalConnection(database);
}

/** After the proof: 3 is "good", 4 is "send the password". */
function asksForPassword(data: Buffer): boolean {
  return data.length === 1 && data[0] === 4;
}

// Not thrown: the driver looks for a rejection only.
function refuse(): Promise<never> {
  return Promise.reject(
    new DatabaseError('the server asks for the password itself, and nothing proves who the server is', {
      retryable: false,
      remedy:
        'set ssl_mode = verify_identity and ssl_ca in [database]; where no certificate is to be had, trust_server = yes',
    }),
  );
}
