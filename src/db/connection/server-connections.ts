import type { ConnectionOptions, Connection as CoreConnection } from 'mysql2';
import { createPool, type Pool, type PoolConnection } from 'mysql2/promise';
import { MonitorError } from '../../domain/errors.js';
import { withTimeout } from '../../lib/with-timeout.js';
import { DatabaseError } from './database-error.js';
import { surviveLateErrors } from './late-errors.js';
import { STATEMENT_TIMEOUT_MS } from './query.js';
import { saysNotHere } from './server-errors.js';
import { askServer, type ServerAnswer } from './server-question.js';
import { SESSION_ACCESS_MODE, SESSION_SETTINGS } from './session.js';
import { streamOf } from './stream-of.js';

/** A connection that is lent, and what the server has just said if it was asked. */
interface AskedConnection {
  readonly connection: PoolConnection;
  readonly answer: ServerAnswer | undefined;
}

const CONNECTIONS = 4;
const SPARE_AFTER_MS = 60_000;
/** How long one that nobody waits for may take to say who its server is, ms: a new one will show more. */
const IDLE_ANSWER_MS = 3000;
/** A frozen server never answers the goodbye. ms. */
const CLOSE_TIMEOUT_MS = 1000;

/** The connections for statements to one address. They are opened when needed, and given up together. */
export class ServerConnections {
  readonly #pool: Pool;
  /** All whose socket is open: also those that were destroyed, and that the pool has forgotten. */
  readonly #open = new Set<CoreConnection>();
  /** Those that the pool would lend now; the one that it lends next is the last. */
  readonly #idle = new Set<CoreConnection>();
  readonly #askedAt = new WeakMap<object, number>();
  /** Of the work that runs. */
  readonly #giveUp = new Set<(error: Error) => void>();
  #running = 0;
  /** When more than one connection was last in use at once. */
  #neededAt = Number.NEGATIVE_INFINITY;

  /** `freshMs`: how long what a connection has said counts, in ms. */
  constructor(
    options: ConnectionOptions,
    private readonly freshMs: () => number,
  ) {
    this.#pool = createPool({
      ...options,
      // Idle connections are kept: an alarm after a quiet day must not wait for a handshake.
      connectionLimit: CONNECTIONS,
      maxIdle: CONNECTIONS,
      // `end` of a connection closes it, in place of giving it back.
      gracefulEnd: true,
    });
    surviveLateErrors(this.#pool.pool);
    this.#pool.pool.on('connection', (connection) => {
      this.#open.add(connection);
      streamOf(connection)?.once('close', () => {
        this.#open.delete(connection);
        this.#idle.delete(connection);
      });
    });
    this.#pool.pool.on('release', (connection) => this.#idle.add(connection));
    this.#pool.pool.on('acquire', (connection) => this.#idle.delete(connection));
  }

  /**
   * Lends a connection. The server is asked who it is (R37): by each new connection, by one that was last asked longer ago
   * than `freshMs`, or `anyway`.
   */
  async lend({ anyway = false }: { readonly anyway?: boolean } = {}): Promise<AskedConnection> {
    const connection = await this.#pool.getConnection();
    const askedAt = this.#askedAt.get(connection.connection);
    if (askedAt !== undefined && !anyway && performance.now() - askedAt < this.freshMs())
      return { connection, answer: undefined };
    try {
      // The driver answers nothing that was asked on a connection that was destroyed meanwhile, until its time limit.
      if (askedAt === undefined) {
        for (const sql of [SESSION_SETTINGS, SESSION_ACCESS_MODE])
          await this.#unlessLeft(connection.query({ sql, timeout: STATEMENT_TIMEOUT_MS }));
      }
      const asked = this.#unlessLeft(askServer(connection));
      const isOnlyAsked = anyway && askedAt !== undefined;
      const answer = await (isOnlyAsked ? withTimeout(IDLE_ANSWER_MS, asked) : asked);
      this.#askedAt.set(connection.connection, performance.now());
      return { connection, answer };
    } catch (error) {
      connection.destroy();
      if (!isStatementError(error)) this.#dropIdle();
      throw error;
    }
  }

  /** Work runs on a connection, which was asked when it was lent. */
  get isBusy(): boolean {
    return this.#running > 0;
  }

  /** Runs the work on a lent connection, and takes it back. The work is given up when the server is left. */
  async run<T>(connection: PoolConnection, work: (connection: PoolConnection) => Promise<T>): Promise<T> {
    this.#running += 1;
    if (this.#running > 1) this.#neededAt = performance.now();
    try {
      const result = await this.#unlessLeft(work(connection));
      connection.release();
      return result;
    } catch (error) {
      // After an error of the connection itself, such as a statement that timed out, its state is unknown.
      if (isStatementError(error) && !saysNotHere(error)) connection.release();
      else connection.destroy();
      if (!isStatementError(error)) this.#dropIdle();
      throw error;
    } finally {
      this.#running -= 1;
    }
  }

  /** Not by Promise.race with one promise for all: that would keep every result until the server is left. */
  #unlessLeft<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#giveUp.add(reject);
      work.then(resolve, reject).finally(() => this.#giveUp.delete(reject));
    });
  }

  /**
   * Closes all but one, if no second one was needed for a minute: in a fleet the idle connections of all hosts add up. The
   * one that is left was used last, and answers the next alarm. Waits for nothing, neither for a connection nor for a
   * goodbye.
   */
  closeSpare(afterMs = SPARE_AFTER_MS): void {
    if (this.isBusy || performance.now() - this.#neededAt <= afterMs) return;
    for (const connection of [...this.#idle].slice(0, -1)) {
      this.#idle.delete(connection);
      connection.end(() => {});
      setTimeout(() => streamOf(connection)?.destroy(), CLOSE_TIMEOUT_MS).unref();
    }
  }

  /**
   * Where one connection broke or is silent, the idle ones are hardly better: an address that was taken away without a word leaves
   * them all silent, and each would keep whoever uses it next waiting.
   */
  #dropIdle(): void {
    for (const connection of [...this.#idle]) destroy(connection);
  }

  /** Ends every connection at once, those in use as well: the work on them fails, and may be tried again elsewhere. */
  leave(): void {
    this.#giveUpAll();
    // A connection that broke since its last use errors here, where it is no longer needed.
    this.#pool.end().catch(() => {});
  }

  /** Closes the connections; destroys those that do not answer. Never rejects. */
  async close(): Promise<void> {
    await withTimeout(CLOSE_TIMEOUT_MS, this.#pool.end()).catch(() => this.#giveUpAll());
  }

  #giveUpAll(): void {
    const error = new DatabaseError('the database server was left for another one', { retryable: true });
    for (const giveUp of this.#giveUp) giveUp(error);
    this.#destroyAll();
  }

  #destroyAll(): void {
    for (const connection of [...this.#open]) destroy(connection);
  }
}

/** A frozen server never closes its end, and `destroy` of the driver waits for that. */
function destroy(connection: CoreConnection): void {
  connection.destroy();
  streamOf(connection)?.destroy();
}

/** Whether the server has answered, so that the connection goes on working. */
export function isStatementError(error: unknown): boolean {
  // Who worked with it may have named the error of the connection.
  if (error instanceof DatabaseError) return error.errno !== undefined || error.code === undefined;
  if (error instanceof MonitorError) return true;
  if (!(error instanceof Error)) return false;
  return 'sqlState' in error && (!('fatal' in error) || error.fatal !== true);
}
