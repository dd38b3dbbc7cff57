import { type Observable, share, switchMap, tap } from 'rxjs';
import type { Config } from '../../config/config.js';
import type { StreamSignal } from '../../domain/alarm/binlog.js';
import type { LiveConfig } from '../shared/live-config.js';
import type { ObserverList } from '../shared/observer-list.js';
import { dataSettings, type LiveDatabase } from '../table/live-database.js';
import { binlogForConfig } from './binlog-for-config.js';
import type { StreamState } from './stream-state.js';

interface BinlogAcrossReloadsOptions {
  readonly settings: LiveConfig;
  readonly database: LiveDatabase;
  readonly stream: StreamState;
  /** Told of every signal before it is acted on; `stream` is one of them. */
  readonly observers: ObserverList;
}

/** The binlog over all configurations, hot: a reload that does not concern the stream leaves it alone (R22). */
export function binlogAcrossReloads(options: BinlogAcrossReloadsOptions): Observable<StreamSignal> {
  const { settings, database, stream, observers } = options;
  return settings.changes(streamSettings).pipe(
    switchMap(() => {
      stream.reconnecting();
      return binlogForConfig(settings.current, database.current, stream);
    }),
    tap((signal) => observers.tellSignal(signal)),
    share(),
  );
}

/** What decides whether a reload needs a new binlog connection. */
function streamSettings(config: Config) {
  return { ...dataSettings(config), binlog: config.binlog };
}
