import { type Observable, Subject, skip } from 'rxjs';
import type { Config, DatabaseConfig } from '../../config/config.js';
import { type Database, openDatabase } from '../../db/connection/database.js';
import { type AlarmTable, openAlarmTable } from '../../db/tables/alarm-table.js';
import { batchLookUps } from '../../db/tables/batch-lookups.js';
import type { KnownProcess } from '../../domain/alarm/table-rows.js';
import type { DatabaseServer, ServerChange } from '../../domain/database-server.js';
import type { LiveConfig } from '../shared/live-config.js';

/** The database as one configuration describes it. */
export interface DataSource {
  readonly database: Database;
  readonly table: AlarmTable;
  readonly readName: (processId: number) => Promise<KnownProcess | undefined>;
}

/**
 * The database of the current configuration. A reload that changes its settings opens a new one and closes the old
 * one.
 */
export class LiveDatabase {
  readonly #serverChanges = new Subject<ServerChange>();
  #current: DataSource;
  #server: DatabaseServer | undefined;

  constructor(private readonly settings: LiveConfig) {
    this.#current = this.#open(dataSettings(settings.current));
    settings
      .changes(dataSettings)
      .pipe(skip(1))
      .subscribe((next) => {
        void this.#current.database.close();
        this.#current = this.#open(next);
      });
  }

  /** Do not keep the result: a reload may replace it. */
  get current(): DataSource {
    return this.#current;
  }

  /** Another server is used from now on, or the server may write now or no longer (R37). Also across reloads. */
  get serverChanges(): Observable<ServerChange> {
    return this.#serverChanges;
  }

  /** Closes the connections of the current database. Never rejects. */
  close(): Promise<void> {
    return this.#current.database.close();
  }

  #open({ database: config, hostId }: DataSettings): DataSource {
    const database = openDatabase(config, {
      heartbeatMs: () => this.settings.current.binlog.heartbeatMs,
      takesAny: () => this.settings.current.monitor.acknowledge === 'none',
    });
    database.changes.subscribe((change) => this.#take(change));
    const table = openAlarmTable(database, hostId);
    return { database, table, readName: batchLookUps(table.readNames) };
  }

  #take({ now }: ServerChange): void {
    const was = this.#server;
    this.#server = now;
    this.#serverChanges.next({ now, ...(was && { was }), isOther: was?.identity !== now.identity });
  }
}

/** The settings that need a new database connection when they change. */
export function dataSettings({ database, monitor }: Config): DataSettings {
  return { database, hostId: monitor.hostId };
}

interface DataSettings {
  readonly database: DatabaseConfig;
  readonly hostId: string | undefined;
}
