import { Socket } from 'node:net';
import ZongJi from '@vlasky/zongji';
import { createPool, type Pool, type PoolOptions } from 'mysql2';
import { BinlogError } from '../../domain/alarm/binlog-signal.js';
import { surviveLateErrors } from '../connection/late-errors.js';
import { SESSION_SETTINGS } from '../connection/session.js';
import { type NameSource, nameSourceOfStream } from './names/name-source.js';
import { StreamServer } from './stream-server.js';

export interface BinlogConnectionOptions {
  readonly connection: PoolOptions;
  /** The server of the statements; absent: any. */
  readonly instance?: string | undefined;
  /** The stream has reached another server than that. */
  readonly onOtherServer?: () => void;
  readonly serverId: number;
  readonly heartbeatMs: number;
}

/**
 * One instance of zongji, which cannot be used again after an error, with its connections: the one that the server
 * sends the binlog through, and those by which zongji asks for the columns of a table.
 */
export class BinlogConnection {
  readonly zongji: ZongJi;
  readonly #pool: Pool;
  readonly #server: StreamServer;
  readonly #controlConnections = new Set<{ destroy(): void }>();
  readonly #sockets = new Set<Socket>();

  /** `onData`: bytes have come through the stream. `fail`: it can no longer be trusted. */
  constructor(
    private readonly options: BinlogConnectionOptions,
    private readonly onData: () => void,
    private readonly fail: (error: unknown) => void,
  ) {
    this.#server = new StreamServer(options, fail);
    // A callback-style pool as dsn: without one the server closes zongji's control connection at wait_timeout. zongji
    // recognises a pool by its class, and would misread that of mysql2/promise.
    this.#pool = createPool({ ...options.connection, connectionLimit: 1, maxIdle: 1 });
    surviveLateErrors(this.#pool);
    this.#pool.on('connection', (connection) => {
      this.#controlConnections.add(connection);
      this.#server.addControl(connection);
      connection.query(SESSION_SETTINGS, this.#failOn);
      // The server closes idle connections at its wait_timeout, and this stream may live for weeks.
      socketOf(connection)?.once('close', () => this.#controlConnections.delete(connection));
    });
    this.zongji = new ZongJi(this.#pool);
  }

  /** The names of processes on the server of this stream. */
  get nameSource(): NameSource {
    return nameSourceOfStream(this.#pool.promise(), () => ({
      file: this.zongji.options.filename ?? '',
      position: this.zongji.options.position ?? 0,
    }));
  }

  /** Makes the server send its binlog, from its present end, with the rows of these tables. */
  start(schema: string, tables: readonly string[]): void {
    this.zongji.start({
      startAtEnd: true,
      serverId: this.options.serverId,
      includeEvents: [...EVENTS],
      includeSchema: { [schema]: [...tables] },
    });
    const { connection } = this.zongji;
    if (!connection) return;
    this.#server.addDump(connection);
    connection.query(SESSION_SETTINGS, this.#failOn);
    connection.query(
      `SET @master_heartbeat_period = ${Math.round(this.options.heartbeatMs * 1e6)}`,
      this.#failOn,
    );
    this.#watchSocket(connection);
    // With TLS another socket has replaced the first one by now, without its listeners.
    connection.once('connect', () => this.#watchSocket(connection));
  }

  /** Ends the dump thread and all connections, in the background. */
  end(): void {
    for (const socket of this.#sockets) socket.off('data', this.onData);
    this.zongji.once('stopped', () =>
      this.#server.killDump(() => {
        this.#pool.end(() => {});
        // A connection to a frozen server never ends by itself.
        for (const connection of this.#controlConnections) connection.destroy();
        for (const socket of this.#sockets) socket.destroy();
      }),
    );
    // zongji would send its KILL through any connection that the pool opens.
    this.#server.hideThread();
    this.zongji.stop();
  }

  #watchSocket(connection: object): void {
    const socket = socketOf(connection);
    if (!socket || this.#sockets.has(socket)) return;
    this.#sockets.add(socket);
    socket.on('data', this.onData);
    socket.once('close', () => {
      this.#server.dumpEnded();
      this.fail(new BinlogError('the server closed the binlog connection'));
    });
  }

  readonly #failOn = (error: unknown): void => {
    if (error) this.fail(error);
  };
}

/** Without `tablemap` zongji drops rows silently. */
const EVENTS = [
  'rotate',
  'heartbeat',
  'tablemap',
  'writerows',
  'updaterows',
  'deleterows',
  'query',
  'xid',
  'mariadbgtid',
  'xaprepare',
  'partialupdaterows',
  'transactionpayload',
  'unknown',
] as const;

// mysql2 does not show it in its types.
function socketOf(connection: object): Socket | undefined {
  const stream: unknown = Reflect.get(connection, 'stream');
  return stream instanceof Socket ? stream : undefined;
}
