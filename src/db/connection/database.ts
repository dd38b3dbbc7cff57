import { createPool, type Pool, type PoolConnection } from 'mysql2/promise';
import type { DatabaseConfig } from '../../config/config.js';
import { MonitorError } from '../../domain/errors.js';
import { withTimeout } from '../../lib/with-timeout.js';
import { connectionOptions } from './connection-options.js';
import { toDatabaseError } from './database-error.js';
import { STATEMENT_TIMEOUT_MS } from './query.js';
import { SESSION_SETTINGS } from './session.js';

/** The connections for statements. They are opened when needed and may break at any time; nothing here retries. */
export interface Database {
  /**
   * Runs one piece of work on a connection.
   *
   * @throws DatabaseError, terminal or retryable, that says what to do next.
   */
  use<T>(work: (connection: PoolConnection) => Promise<T>): Promise<T>;
  /** Closes the connections; destroys those that do not answer. Never rejects. */
  close(): Promise<void>;
}

const CONNECTIONS = 4;
/** A frozen server never answers the goodbye. ms. */
const CLOSE_TIMEOUT_MS = 1000;

/** Creates the pool for this configuration. Connects only when a connection is needed. */
export function openDatabase(config: DatabaseConfig): Database {
  const pool: Pool = createPool({
    ...connectionOptions(config),
    // Idle connections are kept: an alarm after a quiet day must not wait for a handshake.
    connectionLimit: CONNECTIONS,
    maxIdle: CONNECTIONS,
  });
  const prepared = new WeakSet<object>();

  const connect = async (): Promise<PoolConnection> => {
    const connection = await pool.getConnection();
    if (prepared.has(connection.connection)) return connection;
    try {
      await connection.query({ sql: SESSION_SETTINGS, timeout: STATEMENT_TIMEOUT_MS });
    } catch (error) {
      connection.destroy();
      throw error;
    }
    prepared.add(connection.connection);
    return connection;
  };

  return {
    async use(work) {
      try {
        const connection = await connect();
        try {
          const result = await work(connection);
          connection.release();
          return result;
        } catch (error) {
          // After an error of the connection itself, such as a statement that timed out, its state is unknown.
          if (isStatementError(error)) connection.release();
          else connection.destroy();
          throw error;
        }
      } catch (error) {
        throw error instanceof MonitorError ? error : toDatabaseError(error);
      }
    },
    // A connection that broke since its last use errors here, where it is no longer needed.
    close: () => withTimeout(CLOSE_TIMEOUT_MS, pool.end()).catch(() => {}),
  };
}

function isStatementError(error: unknown): boolean {
  if (error instanceof MonitorError) return true;
  if (!(error instanceof Error)) return false;
  return 'sqlState' in error && (!('fatal' in error) || error.fatal !== true);
}
