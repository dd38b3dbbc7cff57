import { skip } from 'rxjs';
import type { Config, DatabaseConfig } from '../../config/config.js';
import { type Database, openDatabase } from '../../db/connection/database.js';
import { type AlarmTable, openAlarmTable } from '../../db/tables/alarm-table.js';
import { batchLookUps } from '../../db/tables/batch-lookups.js';
import type { KnownProcess } from '../../domain/alarm/table-rows.js';
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
  #current: DataSource;

  constructor(settings: LiveConfig) {
    this.#current = openDataSource(dataSettings(settings.current));
    settings
      .changes(dataSettings)
      .pipe(skip(1))
      .subscribe((next) => {
        void this.close();
        this.#current = openDataSource(next);
      });
  }

  /** Do not keep the result: a reload may replace it. */
  get current(): DataSource {
    return this.#current;
  }

  /** Closes the connections of the current database. Never rejects. */
  close(): Promise<void> {
    return this.#current.database.close();
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

function openDataSource({ database: config, hostId }: DataSettings): DataSource {
  const database = openDatabase(config);
  const table = openAlarmTable(database, hostId);
  return { database, table, readName: batchLookUps(table.readNames) };
}
