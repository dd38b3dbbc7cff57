import { type Observable, share, switchMap, tap } from 'rxjs';
import type { Config } from '../../config/config.js';
import type { StreamSignal } from '../../domain/alarm/binlog-signal.js';
import type { LiveConfig } from '../shared/live-config.js';
import type { ObserverList } from '../shared/observer-list.js';
import { dataSettings, type LiveDatabase } from '../table/live-database.js';
import type { TableState } from '../table/table-state.js';
import { binlogForConfig } from './binlog-for-config.js';
import type { StreamState } from './stream-state.js';

interface BinlogAcrossReloadsOptions {
  readonly settings: LiveConfig;
  readonly database: LiveDatabase;
  readonly stream: StreamState;
  readonly table: Pick<TableState, 'readableAgain'>;
  /** Receive every signal before it is acted on. `stream` is one of them. */
  readonly observers: ObserverList;
}

/**
 * The binlog signals of the current configuration, hot. A reload that does not change the settings of the stream
 * keeps its connection (R22).
 */
export function binlogAcrossReloads(options: BinlogAcrossReloadsOptions): Observable<StreamSignal> {
  const { settings, database, stream, table, observers } = options;
  return settings.changes(streamSettings).pipe(
    switchMap(() => {
      stream.reconnecting();
      return binlogForConfig(
        settings.current,
        database.current,
        stream,
        table.readableAgain,
        () => settings.current.monitor.checkIntervalMs,
      );
    }),
    tap((signal) => observers.tellSignal(signal)),
    share(),
  );
}

/** The settings that need a new binlog connection when they change. */
function streamSettings(config: Config) {
  return { ...dataSettings(config), binlog: config.binlog };
}
