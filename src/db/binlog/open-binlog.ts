import { Socket } from 'node:net';
import ZongJi, { type AnyBinlogEvent, type BinlogEventByName } from '@vlasky/zongji';
import { createPool, type PoolOptions } from 'mysql2';
import { Observable } from 'rxjs';
import { BinlogError, type BinlogSignal } from '../../domain/alarm/binlog-signal.js';
import type { Beat } from '../../domain/alarm/relay-freshness.js';
import { SESSION_SETTINGS } from '../connection/session.js';
import type { TableLayout } from '../tables/table-layout.js';
import { describeUndecodable, isWarningOfEvents } from './describe-undecodable.js';
import { isEventTooLarge, MAX_EVENT_MB } from './event-size-limit.js';
import { KnownNames } from './names/known-names.js';
import { NameReader } from './names/name-reader.js';
import { type NameSource, nameSourceOfStream } from './names/name-source.js';
import { resolveNames } from './names/resolve-names.js';
import { isEventOf, readBinlogEvent } from './read-binlog-event.js';
import { beatOf } from './relay/heartbeat.js';
import { StreamServer } from './stream-server.js';
import { toBinlogError } from './to-binlog-error.js';
import { TransactionBuffer, XaTransaction } from './transaction-buffer.js';

interface BinlogConnectionOptions {
  readonly connection: PoolOptions;
  /** The server of the statements; absent: any. */
  readonly instance?: string | undefined;
  /** The stream has reached another server than that. */
  readonly onOtherServer?: () => void;
  readonly serverId: number;
  readonly heartbeatMs: number;
  readonly layout: TableLayout;
  readonly hostId: string | undefined;
  /** Tables whose row changes mean nothing by themselves: each counts as hidden. */
  readonly versioned: ReadonlySet<string>;
  /** The process_id of one of our own statements. */
  readonly parseOwnStatement: (statement: string) => number | undefined;
  /** How often the names of all processes are read (R36), in ms; absent: they are looked up one by one. */
  readonly namesEveryMs?: () => number;
  /** Where the names are read; absent: on the server of the stream. */
  readonly nameSource?: NameSource;
  /** Emits when the names may be others by now, although the stream has not shown it. */
  readonly namesDoubted?: Observable<unknown>;
  /** The heartbeat of a relay (R38): its table, and who receives each beat. */
  readonly heartbeat?: { readonly table: string; readonly onBeat: (beat: Beat) => void };
  /**
   * Bytes have arrived from the server. May be called very often. `lagMs`: the age of an event by the server's clock,
   * in whole seconds; 0 for a heartbeat, which is sent when there are no events; absent if unknown.
   */
  readonly onActivity: (lagMs?: number) => void;
}

/**
 * Reads the binlog from its present end, as a replica does. Each subscription has its own instance of zongji, which
 * cannot be used again after an error, and its own connections. Emits `streaming` when the server has begun to send.
 * Never completes. Errors with a BinlogError when the stream can no longer be trusted: closed, silent for three
 * heartbeats, or misread because our table was altered.
 */
export function openBinlog(options: BinlogConnectionOptions): Observable<BinlogSignal> {
  return new Observable<BinlogSignal>((subscriber) => {
    // A callback-style pool as dsn: without one the server closes zongji's control connection at wait_timeout. zongji
    // recognises a pool by its class, and would misread that of mysql2/promise.
    const pool = createPool({ ...options.connection, connectionLimit: 1, maxIdle: 1 });
    const controlConnections = new Set<{ destroy(): void }>();
    pool.on('connection', (connection) => {
      controlConnections.add(connection);
      server.addControl(connection);
      connection.query(SESSION_SETTINGS, failOn);
      // The server closes idle connections at its wait_timeout, and this stream may live for weeks.
      socketOf(connection)?.once('close', () => controlConnections.delete(connection));
    });
    const zongji = new ZongJi(pool);
    const server = new StreamServer(options, (error) => fail(error));
    const xa = new XaTransaction();
    const rows = new TransactionBuffer();
    const sockets = new Set<Socket>();
    const now = (): number => performance.now();
    const names = new KnownNames(now());
    const reader =
      options.namesEveryMs &&
      new NameReader({
        ...{ layout: options.layout, hostId: options.hostId, names, now },
        everyMs: options.namesEveryMs,
        source:
          options.nameSource ??
          nameSourceOfStream(pool.promise(), () => ({
            file: zongji.options.filename ?? '',
            position: zongji.options.position ?? 0,
          })),
      });
    subscriber.add(options.namesDoubted?.subscribe(() => names.forgetAll(now())));
    let watchdog: NodeJS.Timeout | undefined;
    let isStreaming = false;

    const fail = (error: unknown): void => subscriber.error(toBinlogError(error));
    const failOn = (error: unknown): void => {
      if (error) fail(error);
    };
    /** An event that cannot be decoded hides a change; the stream goes on behind it. */
    const onError = (error: unknown): void => {
      if (isWarningOfEvents(error)) return;
      const undecodable = describeUndecodable(error);
      if (undecodable === undefined) fail(error);
      else rows.distrust(undecodable);
    };
    // Any bytes prove that the stream is alive: while other tables change, the server sends no heartbeats.
    const feedWatchdog = (): void => {
      clearTimeout(watchdog);
      const limitMs = isStreaming ? options.heartbeatMs * SILENT_HEARTBEATS : START_TIMEOUT_MS;
      watchdog = setTimeout(() => fail(new BinlogError(describeSilence(isStreaming, limitMs))), limitMs);
    };
    const onData = (): void => {
      options.onActivity();
      feedWatchdog();
      if (zongji.connection && isEventTooLarge(zongji.connection))
        fail(new BinlogError(TOO_LARGE, { retryAtOnce: true }));
    };
    const receive = (event: AnyBinlogEvent): void => {
      // An exception in this listener would silently stop zongji's parser.
      try {
        if (!isStreaming && event.getEventName() === 'rotate') {
          isStreaming = true;
          feedWatchdog();
          subscriber.next({ kind: 'streaming' });
          reader?.start();
        }
        options.onActivity(lagOf(event));
        if (isEventOf(event, 'tablemap')) keepLatest(zongji.tableMap, event);
        const isUncommitted = xa.follow(event);
        const signals = takeHeartbeat(event, options.heartbeat)
          ? []
          : readBinlogEvent(event, options).filter(({ kind }) => !isUncommitted || kind === 'hidden');
        for (const signal of resolveNames(rows.push(event, signals), names, now())) subscriber.next(signal);
        reader?.onProgress();
      } catch (error) {
        fail(error);
      }
    };

    zongji.on('error', onError);
    zongji.on('binlog', receive);
    subscriber.add(() => {
      clearTimeout(watchdog);
      reader?.end();
      zongji.off('binlog', receive);
      for (const socket of sockets) socket.off('data', onData);
      zongji.once('stopped', () =>
        server.killDump(() => {
          pool.end(() => {});
          // A connection to a frozen server never ends by itself.
          for (const connection of controlConnections) connection.destroy();
          for (const socket of sockets) socket.destroy();
        }),
      );
      // zongji would send its KILL through any connection that the pool opens.
      server.hideThread();
      zongji.stop();
    });

    feedWatchdog();
    const { layout, heartbeat } = options;
    const heartbeatTable = heartbeat ? [heartbeat.table] : [];
    zongji.start({
      startAtEnd: true,
      serverId: options.serverId,
      includeEvents: [...EVENTS],
      includeSchema: { [layout.schema]: [layout.statusTable, layout.processTable, ...heartbeatTable] },
    });
    const { connection } = zongji;
    if (!connection) return;
    server.addDump(connection);
    connection.query(SESSION_SETTINGS, failOn);
    connection.query(`SET @master_heartbeat_period = ${Math.round(options.heartbeatMs * 1e6)}`, failOn);
    const watchSocket = (): void => {
      const socket = socketOf(connection);
      if (!socket || sockets.has(socket)) return;
      sockets.add(socket);
      socket.on('data', onData);
      socket.once('close', () => {
        server.dumpEnded();
        fail(new BinlogError('the server closed the binlog connection'));
      });
    };
    watchSocket();
    // With TLS another socket has replaced the first one by now, without its listeners.
    connection.once('connect', watchSocket);
  });
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
/** The next connection begins after that event, at the end of the binlog, and the table is read (R1). */
const TOO_LARGE = `a change of another table has more than ${MAX_EVENT_MB} MB and is skipped`;
const SILENT_HEARTBEATS = 3;
const START_TIMEOUT_MS = 10_000;

/** Tells the beat of an event of that table. Returns whether it is one. */
function takeHeartbeat(event: AnyBinlogEvent, heartbeat: BinlogConnectionOptions['heartbeat']): boolean {
  const beat = heartbeat && beatOf(event, heartbeat.table);
  if (beat) heartbeat?.onBeat(beat);
  return beat !== undefined;
}

function lagOf(event: AnyBinlogEvent): number | undefined {
  if (event.getEventName() === 'heartbeat') return 0;
  const { timestamp } = event;
  // The artificial events at the start of a connection have no time.
  return timestamp > 0 ? Math.max(0, Date.now() - timestamp) : undefined;
}

/**
 * A table gets a new id whenever the server opens it again, which happens all day if the table cache is small. zongji
 * keeps the columns of every id forever. Rows always use the latest id of their table; one statement may change both.
 */
function keepLatest(
  tableMap: Record<string, { readonly tableName: string }>,
  { tableId, tableName }: BinlogEventByName<'tablemap'>,
): void {
  for (const [id, table] of Object.entries(tableMap)) {
    if (table.tableName === tableName && id !== String(tableId)) Reflect.deleteProperty(tableMap, id);
  }
}

function describeSilence(wasStreaming: boolean, limitMs: number): string {
  const seconds = limitMs / 1000;
  return wasStreaming
    ? `the server has been silent for ${seconds} s: not even a heartbeat arrived`
    : `the server did not begin to send its binlog within ${seconds} s`;
}

// mysql2 does not show it in its types.
function socketOf(connection: object): Socket | undefined {
  const stream: unknown = Reflect.get(connection, 'stream');
  return stream instanceof Socket ? stream : undefined;
}
