import type { ConnectionOptions } from 'mysql2';
import type { DatabaseConfig } from '../../config/config.js';
import { GUARDED_PLUGINS, isServerTrusted } from './guard-password.js';
import { connectLocally, DEFAULT_PORT, isSocketMeant } from './local-socket.js';
import { connectPreferringTls } from './preferred-tls.js';
import { tlsOptions } from './tls-options.js';

const CONNECT_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_DELAY_MS = 10_000;

/**
 * What mysql2 needs to connect, for connections and pools alike.
 *
 * @throws DatabaseError where ssl_ca cannot be read, or where verify_identity cannot be kept.
 */
export function connectionOptions(database: DatabaseConfig): ConnectionOptions {
  const ssl = tlsOptions(database);
  return {
    ...(database.socket === undefined
      ? { host: database.host, port: database.port ?? DEFAULT_PORT }
      : { socketPath: database.socket }),
    user: database.user,
    password: database.password,
    database: database.database,
    ...(ssl && { ssl }),
    ...(ssl && database.sslMode === 'preferred' && { stream: connectPreferringTls }),
    ...(database.socket === undefined && isSocketMeant(database) && { stream: connectLocally }),
    ...(!isServerTrusted(database) && { authPlugins: GUARDED_PLUGINS }),
    charset: 'utf8mb4',
    connectTimeout: CONNECT_TIMEOUT_MS,
    // Finds a peer that vanished without a word, also between two queries.
    enableKeepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_DELAY_MS,
    supportBigNumbers: true,
    // A second statement can then never ride along in a value.
    multipleStatements: false,
  };
}
