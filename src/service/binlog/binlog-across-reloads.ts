import { type BehaviorSubject, distinctUntilChanged, type Observable, share, switchMap, tap } from 'rxjs';
import type { Config } from '../../config/config.js';
import type { StreamSignal } from '../../domain/alarm/binlog.js';
import { type DataSource, dataSourceKey } from '../table/data-source.js';
import { binlogForConfig } from './binlog-for-config.js';
import type { ServerDiagnostics } from './server-diagnostics.js';

export interface BinlogAcrossReloadsOptions {
  /** The present configuration first. */
  readonly config: Observable<Config>;
  /** Asked for each time: a reload may change it. */
  readonly dataSource: () => DataSource;
  readonly server: ServerDiagnostics;
  /** Kept up to date here. */
  readonly isStreaming: BehaviorSubject<boolean>;
  /** As of `openBinlog`. */
  readonly onActivity: (lagMs?: number) => void;
  readonly tell: (signal: StreamSignal) => void;
}

/** The binlog over all configurations, hot: a reload that does not concern the stream leaves it alone (R22). */
export function binlogAcrossReloads({
  config,
  dataSource,
  server,
  isStreaming,
  onActivity,
  tell,
}: BinlogAcrossReloadsOptions): Observable<StreamSignal> {
  return config.pipe(
    distinctUntilChanged((a, b) => streamKey(a) === streamKey(b)),
    switchMap((current) => {
      isStreaming.next(false);
      return binlogForConfig(current, dataSource(), {
        onServer: (settings, diagnoses) => server.update(current.database, settings, diagnoses),
        onActivity,
      });
    }),
    tap((signal) => {
      if (signal.kind === 'streaming') isStreaming.next(true);
      if (signal.kind === 'lost') isStreaming.next(false);
      tell(signal);
    }),
    share(),
  );
}

/** What decides whether a reload needs a new binlog connection. */
function streamKey(config: Config): string {
  return JSON.stringify([dataSourceKey(config), config.binlog]);
}
