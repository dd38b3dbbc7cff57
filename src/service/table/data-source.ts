import type { Config } from '../../config/config.js';
import { type Database, openDatabase } from '../../db/connection/database.js';
import { type AlarmTable, openAlarmTable } from '../../db/tables/alarm-table.js';
import { batchLookUps } from '../../db/tables/batch-lookups.js';
import type { KnownProcess } from '../../domain/alarm/table-rows.js';

/** The database of one configuration. */
export interface DataSource {
  readonly database: Database;
  readonly table: AlarmTable;
  readonly readName: (processId: number) => Promise<KnownProcess | undefined>;
}

export function openDataSource({ database: databaseConfig, monitor }: Config): DataSource {
  const database = openDatabase(databaseConfig);
  const table = openAlarmTable(database, monitor.hostId);
  return { database, table, readName: batchLookUps(table.readNames) };
}

/** What decides whether a reload needs a new data source. */
export function dataSourceKey({ database, monitor }: Config): string {
  return JSON.stringify([database, monitor.hostId]);
}
