import type { ConnectionOptions } from 'mysql2';
import type { DatabaseConfig } from '../../config/config.js';
import { guardedPlugins } from './guard-password.js';
import { connectLocally, DEFAULT_PORT, isSocketMeant } from './local-socket.js';
import { connectPreferringTls } from './preferred-tls.js';
import { tlsOptions } from './tls-options.js';

const CONNECT_TIMEOUT_MS = 10_000;
/** Where the next one of a list may answer instead. */
const LIST_CONNECT_TIMEOUT_MS = 3000;
const KEEP_ALIVE_DELAY_MS = 10_000;

/**
 * The options of mysql2 for connections and pools to one server.
 *
 * @throws DatabaseError if ssl_ca cannot be read, or if verify_identity is impossible.
 */
export function connectionOptions(database: DatabaseConfig, { isList = false } = {}): ConnectionOptions {
  const ssl = tlsOptions(database);
  const plugins = guardedPlugins(database);
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
    ...(plugins && { authPlugins: plugins }),
    charset: 'utf8mb4',
    connectTimeout: isList ? LIST_CONNECT_TIMEOUT_MS : CONNECT_TIMEOUT_MS,
    // Detects a peer that vanished silently, also between two queries.
    enableKeepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_DELAY_MS,
    supportBigNumbers: true,
    // A value can then never smuggle in a second statement.
    multipleStatements: false,
  };
}
