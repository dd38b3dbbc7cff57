import { skip } from 'rxjs';
import type { Config, DatabaseConfig } from '../../config/config.js';
import { type Database, openDatabase } from '../../db/connection/database.js';
import { type AlarmTable, openAlarmTable } from '../../db/tables/alarm-table.js';
import { batchLookUps } from '../../db/tables/batch-lookups.js';
import type { KnownProcess } from '../../domain/alarm/table-rows.js';
import type { LiveConfig } from '../shared/live-config.js';

/** The database of one configuration. */
export interface DataSource {
  readonly database: Database;
  readonly table: AlarmTable;
  readonly readName: (processId: number) => Promise<KnownProcess | undefined>;
}

/** The database of the configuration in force: a reload that concerns it opens another one. */
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

  /** To be asked for each time: a reload may change it. */
  get current(): DataSource {
    return this.#current;
  }

  /** Never rejects. */
  close(): Promise<void> {
    return this.#current.database.close();
  }
}

/** What decides whether a reload needs another database. */
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
