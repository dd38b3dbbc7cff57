import type { Connection } from 'mysql2/promise';
import { DEFAULT_NOTES_COLUMN, type NotesColumn } from '../../domain/alarm/format-note.js';
import { DatabaseError } from '../connection/database-error.js';
import { query } from '../connection/query.js';
import { type HostRows, refuseHostMismatch } from './host-rows.js';
import { FLAGS, refuseColumnTypes, TEXTS, WHOLE_NUMBERS } from './refuse-column-types.js';

/** The layout of this installation's tables; names in the case that the server, and so its binlog, uses. */
export interface TableLayout {
  readonly schema: string;
  readonly statusTable: string;
  readonly processTable: string;
  readonly notes: NotesColumn;
  /** Whether there is a column `sound`, which the service itself does not need. */
  readonly hasSound: boolean;
  /** The table that has a `host_id` column, if any. */
  readonly hostIdIn: 'status' | 'process' | undefined;
}

/**
 * Reads the layout from information_schema.
 *
 * @throws DatabaseError (terminal) that names the missing table or column, the column of an ambiguous type
 * (docs/tables.md), or the host_id that is missing, and the remedy.
 */
export async function readTableLayout(connection: Connection, host: HostRows): Promise<TableLayout> {
  const columns = await query<ColumnRow>(connection, COLUMNS, []);
  const of = (table: string): ColumnRow[] =>
    columns.filter(({ tableName }) => tableName.toUpperCase() === table);
  const status = requireColumns('STATUS_PROCESS', of('STATUS_PROCESS'), ['process_id', 'alarma', 'notes']);
  const process = requireColumns('PROCESE', of('PROCESE'), ['process_id', 'process_name']);
  refuseColumnTypes(status, { process_id: WHOLE_NUMBERS, alarma: FLAGS, notes: TEXTS });
  refuseColumnTypes(process, { process_id: WHOLE_NUMBERS, process_name: TEXTS });
  const maxLength = Number(status.find(({ name }) => isColumn(name, 'notes'))?.maxLength ?? Number.NaN);
  const layout: TableLayout = {
    schema: status[0].schemaName,
    statusTable: status[0].tableName,
    processTable: process[0].tableName,
    // TEXT has room for 65,535 bytes; nobody reads a note that long.
    notes: { maxLength: Math.min(maxLength || DEFAULT_NOTES_COLUMN.maxLength, MAX_NOTE_LENGTH) },
    hasSound: status.some(({ name }) => isColumn(name, 'sound')),
    hostIdIn: hasHostId(status) ? 'status' : hasHostId(process) ? 'process' : undefined,
  };
  refuseHostMismatch(layout, host);
  return layout;
}

const MAX_NOTE_LENGTH = 255;

const COLUMNS = `SELECT TABLE_SCHEMA AS schemaName, TABLE_NAME AS tableName, COLUMN_NAME AS name,
    CHARACTER_MAXIMUM_LENGTH AS maxLength, DATA_TYPE AS type, COLUMN_TYPE AS fullType
  FROM information_schema.COLUMNS
  WHERE TABLE_SCHEMA = DATABASE() AND UPPER(TABLE_NAME) IN ('STATUS_PROCESS', 'PROCESE')
  ORDER BY TABLE_NAME = BINARY UPPER(TABLE_NAME) DESC, TABLE_NAME`;

interface ColumnRow {
  readonly schemaName: string;
  readonly tableName: string;
  readonly name: string;
  readonly maxLength: number | string | null;
  readonly type: string;
  readonly fullType: string;
}

function requireColumns(
  table: string,
  found: readonly ColumnRow[],
  needed: readonly string[],
): readonly [ColumnRow, ...ColumnRow[]] {
  const [first, ...rest] = found;
  if (!first) {
    throw new DatabaseError(`table ${table} is missing, or the user may not SELECT from it`, {
      retryable: false,
      remedy: 'create it with sql/setup.sql, grant with sql/grants.sql',
    });
  }
  const ofFirstTable: readonly [ColumnRow, ...ColumnRow[]] = [
    first,
    ...rest.filter(({ tableName }) => tableName === first.tableName),
  ];
  const missing = needed.filter((name) => !ofFirstTable.some((column) => isColumn(column.name, name)));
  if (missing.length > 0) {
    throw new DatabaseError(`table ${table} has no column ${missing.join(', ')} that the user may read`, {
      retryable: false,
      remedy: 'compare it with sql/setup.sql, grant with sql/grants.sql',
    });
  }
  return ofFirstTable;
}

function isColumn(column: string, name: string): boolean {
  return column.toLowerCase() === name;
}

function hasHostId(columns: readonly ColumnRow[]): boolean {
  return columns.some(({ name }) => isColumn(name, 'host_id'));
}
