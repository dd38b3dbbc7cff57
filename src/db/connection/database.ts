import type { PoolConnection } from 'mysql2/promise';
import { type Observable, Subject } from 'rxjs';
import type { DatabaseConfig } from '../../config/config.js';
import { type DatabaseServer, isEnough, type ServerChange } from '../../domain/database-server.js';
import { MonitorError } from '../../domain/errors.js';
import { TimedOutError } from '../../lib/with-timeout.js';
import { connectionOptions } from './connection-options.js';
import { closedError, toDatabaseError } from './database-error.js';
import { type FoundServer, findServer, type ServerHost } from './find-server.js';
import { hostsOf } from './hosts-of.js';
import { OtherServerError, suits, toServer } from './judge-answer.js';
import { SearchPlan } from './search-plan.js';
import { isStatementError } from './server-connections.js';
import { saysNotHere } from './server-errors.js';

/**
 * The connections for statements, all to one server: of `[database] host` the first that may write (R37). They are opened
 * when needed and may break at any time; nothing here retries.
 */
export interface Database {
  /**
   * Runs one piece of work on a connection.
   *
   * @throws DatabaseError, terminal or retryable, that says what to do next.
   */
  use<T>(work: (connection: PoolConnection) => Promise<T>): Promise<T>;
  /** The server that the statements go to; undefined before the first one has answered. */
  readonly server: DatabaseServer | undefined;
  /** How it is reached: the configuration of this one server. */
  readonly host: DatabaseConfig;
  /** Emits when another server is used from now on, or when the server may write now or no longer. */
  readonly changes: Observable<ServerChange>;
  /** There is reason to believe that another server is meant now: looks for it, once in a heartbeat. */
  reconsider(): void;
  /** Closes the connections; destroys those that do not answer. Never rejects. */
  close(): Promise<void>;
}

/** Work without an answer for so long may wait for a server that is gone, ms. */
const SILENT_AFTER_MS = 1000;

interface DatabaseOptions {
  /** How often one idle connection is asked whether its server may still write, in ms; absent: never again. */
  readonly heartbeatMs?: () => number;
  /** Whether nothing is written, so that any server will do. */
  readonly takesAny?: () => boolean;
  /** Another server may be tried instead, so its connection may not take long. Default: whether it is a list. */
  readonly isList?: boolean;
}

/**
 * Connects only when a connection is needed.
 *
 * @throws DatabaseError if the options of the connections are impossible.
 */
export function openDatabase(config: DatabaseConfig, options: DatabaseOptions = {}): Database {
  return new FailoverDatabase(config, options);
}

class FailoverDatabase implements Database {
  readonly #hosts: readonly ServerHost[];
  readonly #changes = new Subject<ServerChange>();
  readonly #plan: SearchPlan;
  #current: FoundServer | undefined;
  #search: Promise<void> | undefined;
  #movedAt = Number.NEGATIVE_INFINITY;
  /** When the current server last answered, ms of `performance.now()`. */
  #heardAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(
    config: DatabaseConfig,
    private readonly options: DatabaseOptions,
  ) {
    const hosts = hostsOf(config);
    const { isList = hosts.length > 1 } = options;
    this.#plan = new SearchPlan(hosts.length > 1);
    this.#hosts = hosts.map((host) => ({ config: host, options: connectionOptions(host, { isList }) }));
  }

  get server(): DatabaseServer | undefined {
    return this.#current?.server;
  }

  get host(): DatabaseConfig {
    const [first] = this.#hosts;
    const { config } = this.#current?.host ?? first ?? {};
    if (!config) throw new Error('a list of servers is never empty');
    return config;
  }

  get changes(): Observable<ServerChange> {
    return this.#changes;
  }

  async use<T>(work: (connection: PoolConnection) => Promise<T>): Promise<T> {
    try {
      const [found, connection] = await this.#connect();
      try {
        const result = await found.connections.run(connection, work);
        this.#heardAt = performance.now();
        return result;
      } catch (error) {
        if (saysNotHere(error) || (this.#isList && !isStatementError(error))) this.#reconsiderLater(found);
        throw error;
      }
    } catch (error) {
      throw error instanceof MonitorError ? error : toDatabaseError(error);
    }
  }

  reconsider(): void {
    if (!this.#hasJustMoved) this.#reconsiderLater(this.#current);
  }

  /** Behind a balancer each search finds yet another server: one move a heartbeat must do. */
  get #hasJustMoved(): boolean {
    return performance.now() - this.#movedAt < this.#heartbeatMs;
  }

  get #isList(): boolean {
    return this.#hosts.length > 1;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#changes.complete();
    await this.#current?.connections.close();
  }

  async #connect(): Promise<[FoundServer, PoolConnection]> {
    if (!this.#current) await this.#reconsider(undefined);
    const found = this.#found();
    try {
      return [found, await this.#lend(found)];
    } catch (error) {
      if (!this.#mayBeElsewhere(error)) throw error;
      if (error instanceof OtherServerError && error.mayWrite && this.#hasJustMoved) throw error;
      await this.#reconsider(found);
      if (this.#current === found) throw error;
      const next = this.#found();
      return [next, await this.#lend(next)];
    }
  }

  async #lend(found: FoundServer, options?: { readonly anyway: boolean }): Promise<PoolConnection> {
    const { connection, answer } = await found.connections.lend(options);
    // Another server may answer at the same address.
    if (answer?.identity === found.server.identity) this.#heardAt = performance.now();
    if (answer === undefined || suits(found.server, answer)) return connection;
    connection.destroy();
    throw new OtherServerError(found.server.place, toServer(found.server.place, answer).mayWrite);
  }

  /** The one to use now. */
  #found(): FoundServer {
    if (this.#current && !this.#isClosed) return this.#current;
    throw closedError();
  }

  /** With a single address, one that does not answer leaves nothing else to try. */
  #mayBeElsewhere(error: unknown): boolean {
    return error instanceof OtherServerError || saysNotHere(error) || this.#isList;
  }

  #reconsiderLater(seen: FoundServer | undefined): void {
    // The next caller that needs the server gets the reason why none was found.
    this.#reconsider(seen).catch(() => {});
  }

  /** Goes through the list, unless that has been done since `seen` was found. One search at a time. */
  #reconsider(seen: FoundServer | undefined): Promise<void> {
    if (this.#isClosed) return Promise.reject(closedError());
    if (seen !== this.#current) return Promise.resolve();
    this.#search ??= findServer(this.#hosts, {
      current: this.#current,
      takesAny: this.#takesAny,
      freshMs: () => this.#heartbeatMs,
      isClosed: () => this.#isClosed,
    })
      .then((found) => this.#moveTo(found))
      .finally(() => {
        this.#search = undefined;
      });
    return this.#search;
  }

  #moveTo(found: FoundServer): void {
    if (this.#isClosed) {
      found.connections.leave();
      return;
    }
    const was = this.#current;
    const now = performance.now();
    const wasHeardAt = Math.floor(Date.now() - (now - this.#heardAt));
    this.#current = found;
    this.#heardAt = now;
    if (was?.server.identity !== found.server.identity) this.#movedAt = now;
    if (was && was.connections !== found.connections) was.connections.leave();
    this.#beatLater();
    const isSame = was?.server.identity === found.server.identity;
    if (isSame && was?.server.mayWrite === found.server.mayWrite) return;
    this.#changes.next({
      ...{ now: found.server, isOther: !isSame },
      ...(was && { was: was.server, wasHeardAt }),
    });
  }

  get #heartbeatMs(): number {
    return this.options.heartbeatMs?.() ?? Number.POSITIVE_INFINITY;
  }

  #beatLater(): void {
    if (this.options.heartbeatMs === undefined || this.#isClosed) return;
    clearTimeout(this.#timer);
    const delayMs = this.#plan.delayMs(this.#isContent, this.#heartbeatMs);
    this.#timer = setTimeout(() => void this.#beat().finally(() => this.#beatLater()), delayMs);
    this.#timer.unref();
  }

  get #takesAny(): boolean {
    return this.options.takesAny?.() ?? false;
  }

  get #isContent(): boolean {
    return this.#current === undefined || isEnough(this.#current.server, this.#takesAny);
  }

  async #beat(): Promise<void> {
    const found = this.#current;
    if (!found) return;
    if (!this.#isContent && this.#plan.isDue) {
      this.#plan.advance(this.#heartbeatMs);
      return this.#reconsider(found).catch(() => {});
    }
    // An idle connection would have to be opened for it.
    if (found.connections.isBusy) {
      if (performance.now() - this.#heardAt > SILENT_AFTER_MS) this.#reconsiderLater(found);
      return;
    }
    try {
      (await this.#lend(found, { anyway: true })).release();
      found.connections.closeSpare();
    } catch (error) {
      if (this.#mayBeElsewhere(error) || error instanceof TimedOutError) this.#reconsiderLater(found);
    }
  }
}
