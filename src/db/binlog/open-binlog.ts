import type { AnyBinlogEvent, BinlogEventByName } from '@vlasky/zongji';
import { Observable } from 'rxjs';
import { BinlogError, type BinlogSignal } from '../../domain/alarm/binlog-signal.js';
import { BinlogConnection, type BinlogConnectionOptions } from './binlog-connection.js';
import { describeUndecodable, isWarningOfEvents } from './describe-undecodable.js';
import { EventSignals, type HeartbeatReading } from './event-signals.js';
import { isEventTooLarge, MAX_EVENT_MB } from './event-size-limit.js';
import { KnownNames } from './names/known-names.js';
import { NameReader } from './names/name-reader.js';
import type { NameSource } from './names/name-source.js';
import { type BinlogReadingOptions, isEventOf } from './read-binlog-event.js';
import { SilenceWatchdog } from './silence-watchdog.js';
import { toBinlogError } from './to-binlog-error.js';

interface BinlogOptions extends BinlogConnectionOptions, BinlogReadingOptions {
  /** Absent: the names of processes are looked up one by one. */
  readonly names?: NameOptions;
  readonly heartbeat?: HeartbeatReading;
  /**
   * Bytes have arrived from the server. May be called very often. `lagMs`: the age of an event by the server's clock,
   * in whole seconds, negative if that clock is ahead; 0 for a heartbeat, which is sent when there are no events;
   * absent if unknown.
   */
  readonly onActivity: (lagMs?: number) => void;
}

/** How the names of all processes are kept up to date (R36). */
interface NameOptions {
  /** How often they are read, in ms. */
  readonly everyMs: () => number;
  /** Where they are read; absent: on the server of the stream. */
  readonly source?: NameSource;
  /** Emits when they may be others by now, although the stream has not shown it. */
  readonly doubted?: Observable<unknown>;
}

/**
 * Reads the binlog from its present end, as a replica does. Each subscription has its own connections. Emits `streaming`
 * when the server has begun to send. Never completes. Errors with a BinlogError when the stream can no longer be trusted:
 * closed, silent for three heartbeats, or misread because our table was altered.
 */
export function openBinlog(options: BinlogOptions): Observable<BinlogSignal> {
  return new Observable<BinlogSignal>((subscriber) => {
    const fail = (error: unknown): void => subscriber.error(toBinlogError(error));
    const onData = (): void => {
      options.onActivity();
      watchdog.feed();
      if (zongji.connection && isEventTooLarge(zongji.connection))
        fail(new BinlogError(TOO_LARGE, { retryAtOnce: true }));
    };
    const binlog = new BinlogConnection(options, onData, fail);
    const { zongji } = binlog;
    const now = (): number => performance.now();
    const names = new KnownNames(now());
    const reader =
      options.names &&
      new NameReader({
        ...{ layout: options.layout, hostId: options.hostId, names, now },
        everyMs: options.names.everyMs,
        source: options.names.source ?? binlog.nameSource,
      });
    subscriber.add(options.names?.doubted?.subscribe(() => names.forgetAll(now())));
    const signals = new EventSignals(options, options.heartbeat, names, now);
    const watchdog = new SilenceWatchdog(options.heartbeatMs, fail);
    let isStreaming = false;

    /** An event that cannot be decoded hides a change; the stream goes on behind it. */
    const onError = (error: unknown): void => {
      if (isWarningOfEvents(error)) return;
      const undecodable = describeUndecodable(error);
      if (undecodable === undefined) fail(error);
      else signals.distrust(undecodable);
    };
    const onEvent = (event: AnyBinlogEvent): void => {
      // An exception in this listener would silently stop zongji's parser.
      try {
        if (!isStreaming && event.getEventName() === 'rotate') {
          isStreaming = true;
          watchdog.begin();
          subscriber.next({ kind: 'streaming' });
          reader?.start();
        }
        options.onActivity(lagOf(event));
        if (isEventOf(event, 'tablemap')) keepLatest(zongji.tableMap, event);
        for (const signal of signals.push(event)) subscriber.next(signal);
        reader?.onProgress();
      } catch (error) {
        fail(error);
      }
    };

    zongji.on('error', onError);
    zongji.on('binlog', onEvent);
    subscriber.add(() => {
      watchdog.stop();
      reader?.end();
      zongji.off('binlog', onEvent);
      binlog.end();
    });

    watchdog.feed();
    const { layout, heartbeat } = options;
    const tables = [layout.statusTable, layout.processTable, ...(heartbeat ? [heartbeat.table] : [])];
    binlog.start(layout.schema, tables);
  });
}

/** The next connection begins after that event, at the end of the binlog, and the table is read (R1). */
const TOO_LARGE = `a change of another table has more than ${MAX_EVENT_MB} MB and is skipped`;

function lagOf(event: AnyBinlogEvent): number | undefined {
  if (event.getEventName() === 'heartbeat') return 0;
  const { timestamp } = event;
  // The artificial events at the start of a connection have no time.
  return timestamp > 0 ? Date.now() - timestamp : undefined;
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
