import type { Connection } from 'mysql2/promise';
import { query } from '../connection/query.js';
import type { TableLayout } from '../tables/table-layout.js';

/** One of the two tables as the server describes it, as far as the account may see it. */
export interface TableInspection {
  readonly name: string;
  /** Undefined for a view. */
  readonly engine: string | undefined;
  /** Type by column name in lower case, e.g. `alarma` → `tinyint(4)`. */
  readonly columns: ReadonlyMap<string, string>;
  /** Whether process_id alone is a primary or unique key. */
  readonly isIdUnique: boolean;
  /** Shown to accounts with the privilege TRIGGER only: `name (AFTER UPDATE)`. */
  readonly triggers: readonly string[];
}

/** Throws what the driver throws. */
export async function inspectTables(
  connection: Connection,
  layout: TableLayout,
): Promise<{ readonly status: TableInspection; readonly process: TableInspection }> {
  return {
    status: await inspectTable(connection, layout.schema, layout.statusTable),
    process: await inspectTable(connection, layout.schema, layout.processTable),
  };
}

async function inspectTable(connection: Connection, schema: string, name: string): Promise<TableInspection> {
  const ask = <Row>(sql: string): Promise<Row[]> => query<Row>(connection, sql, [schema, name]);
  const [table] = await ask<{ engine: string | null }>(
    'SELECT ENGINE AS engine FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?',
  );
  const columns = await ask<{ name: string; type: string }>(
    `SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type FROM information_schema.COLUMNS
      WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? ORDER BY ORDINAL_POSITION`,
  );
  const keys = await ask<{ names: string }>(
    `SELECT GROUP_CONCAT(COLUMN_NAME ORDER BY SEQ_IN_INDEX) AS names FROM information_schema.STATISTICS
      WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND NON_UNIQUE = 0 GROUP BY INDEX_NAME`,
  );
  const triggers = await ask<{ name: string; timing: string; event: string }>(
    `SELECT TRIGGER_NAME AS name, ACTION_TIMING AS timing, EVENT_MANIPULATION AS event
      FROM information_schema.TRIGGERS WHERE EVENT_OBJECT_SCHEMA = ? AND EVENT_OBJECT_TABLE = ?
      ORDER BY TRIGGER_NAME`,
  );
  return {
    name,
    engine: table?.engine ?? undefined,
    columns: new Map(columns.map((column) => [column.name.toLowerCase(), String(column.type).toLowerCase()])),
    isIdUnique: keys.some(({ names }) => String(names).toLowerCase() === 'process_id'),
    triggers: triggers.map((trigger) => `${trigger.name} (${trigger.timing} ${trigger.event})`),
  };
}
