import { defer, from, type Observable, switchMap } from 'rxjs';
import type { BinlogConfig, DatabaseConfig } from '../../config/config.js';
import { BinlogError, type BinlogSignal } from '../../domain/alarm/binlog-signal.js';
import { connectionOptions } from '../connection/connection-options.js';
import type { Database } from '../connection/database.js';
import { readServerSettings, type ServerSettings } from '../connection/server-settings.js';
import { diagnoseBinlog, streamBlockers } from '../preflight/diagnose-binlog.js';
import type { Diagnosis } from '../preflight/diagnosis.js';
import type { AlarmTable } from '../tables/alarm-table.js';
import type { TableLayout } from '../tables/table-layout.js';
import { openBinlog } from './binlog-connection.js';

interface StreamConnectionOptions {
  readonly config: DatabaseConfig;
  readonly binlog: BinlogConfig;
  readonly database: Database;
  readonly table: AlarmTable;
  readonly hostId: string | undefined;
  readonly serverId: () => number;
  /** Called with the diagnoses of the server, before the connection is made. */
  readonly onServer: (settings: ServerSettings, diagnoses: readonly Diagnosis[]) => void;
  /** See `openBinlog`. */
  readonly onActivity: (lagMs?: number) => void;
}

/**
 * One connection to the binlog. First asks the server whether it can stream, and for the present layout of our table,
 * so that a missing setting or GRANT is named and not guessed from an error number (R6).
 */
export function connectStream(options: StreamConnectionOptions): Observable<BinlogSignal> {
  const { config, binlog, table, hostId, serverId, onActivity } = options;
  return defer(() => from(prepare(options))).pipe(
    switchMap((layout) =>
      openBinlog({
        connection: connectionOptions(config),
        serverId: serverId(),
        heartbeatMs: binlog.heartbeatMs,
        layout,
        hostId,
        parseOwnStatement: table.parseOwnStatement,
        onActivity,
      }),
    ),
  );
}

async function prepare({ database, config, table, onServer }: StreamConnectionOptions): Promise<TableLayout> {
  const reason = await database.use(async (connection) => {
    const settings = await readServerSettings(connection);
    const diagnoses = await diagnoseBinlog(connection, config.database);
    onServer(settings, diagnoses);
    return streamBlockers(diagnoses);
  });
  // Outside `use`, which treats every error as a failure of the database.
  if (reason !== undefined) throw new BinlogError(reason, { isConfiguration: true });
  return table.readLayout();
}
