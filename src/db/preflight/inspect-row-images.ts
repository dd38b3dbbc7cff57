import type { Connection } from 'mysql2/promise';
import { toDatabaseError } from '../connection/database-error.js';
import { query } from '../connection/query.js';
import { quoteAccount, readServerSettings, type ServerSettings } from '../connection/server-settings.js';
import { quoteIdentifier } from '../connection/sql-text.js';
import type { TableLayout } from '../tables/table-layout.js';
import type { Diagnosis } from './diagnosis.js';

interface RowImages {
  /** What hides the rows of our tables, with its remedy. */
  readonly diagnoses: readonly Diagnosis[];
  /** Tables with SYSTEM VERSIONING: each of their changes also writes a row of history, which looks like a new row. */
  readonly versioned: ReadonlySet<string>;
}

/**
 * Finds out whether the rows of our tables can be read from the binlog. If not, the table is read after each change
 * (R4), and the diagnoses say why.
 *
 * @throws DatabaseError if the server cannot be asked.
 */
export async function inspectRowImages(connection: Connection, layout: TableLayout): Promise<RowImages> {
  try {
    const settings = await readServerSettings(connection);
    const diagnoses: Diagnosis[] = [];
    const versioned = new Set<string>();
    for (const table of [layout.statusTable, layout.processTable]) {
      const kind = await readKind(connection, layout.schema, table);
      if (kind.isVersioned) versioned.add(table);
      diagnoses.push(...(await diagnoseTable(connection, settings, layout, table, kind)));
    }
    return { diagnoses, versioned };
  } catch (error) {
    throw toDatabaseError(error);
  }
}

async function diagnoseTable(
  connection: Connection,
  settings: ServerSettings,
  { schema }: TableLayout,
  table: string,
  { isVersioned, engine }: TableKind,
): Promise<readonly Diagnosis[]> {
  const found: Diagnosis[] = [];
  const hidden = (cause: string, remedy: string): void => {
    const message = `${cause}, which hides its rows in the binlog: the table is read after each change`;
    found.push({ severity: 'warning', message, remedy, hidesRows: true });
  };
  if (isVersioned) {
    hidden(`${table} is WITH SYSTEM VERSIONING`, `ALTER TABLE ${table} DROP SYSTEM VERSIONING;`);
  }
  const columns = await query<{ name: string; type: string }>(connection, COLUMNS, [schema, table]);
  for (const { name } of columns.filter(({ type }) => type.toLowerCase() === 'vector')) {
    if (settings.flavour === 'mysql')
      hidden(`${table} has a column of type VECTOR, ${name}`, `move ${name} to another table`);
  }
  const options = settings.global.get('binlog_row_value_options') ?? '';
  if (/PARTIAL_JSON/i.test(options) && columns.some(({ type }) => type.toLowerCase() === 'json')) {
    const remedy =
      "type SET GLOBAL binlog_row_value_options = '', and put it into the server's configuration";
    hidden(`${table} has a JSON column, and the server has binlog_row_value_options = PARTIAL_JSON`, remedy);
  }
  // With FULL, every event describes its own columns.
  if (settings.global.get('binlog_row_metadata') === 'FULL') return found;
  const hashed = await query<{ name: string }>(connection, HASH_KEYS, [schema, table]);
  // In MEMORY every key is a hash, without a hidden column.
  for (const { name } of engine === 'MEMORY' ? [] : hashed) {
    const cause = `${table} has a hidden hash column, for its UNIQUE key ${name}`;
    hidden(cause, `ALTER TABLE ${table} DROP INDEX ${quoteIdentifier(name)}, or ${FULL_METADATA}`);
  }
  if (!(await maySelectAll(connection, table))) {
    const account = quoteAccount(settings.account);
    hidden(
      `${account} may not SELECT every column of ${table}`,
      `GRANT SELECT ON ${quoteIdentifier(schema)}.${quoteIdentifier(table)} TO ${account};`,
    );
  }
  return found;
}

const FULL_METADATA = "SET GLOBAL binlog_row_metadata = 'FULL'";
const COLUMNS = `SELECT COLUMN_NAME AS name, DATA_TYPE AS type FROM information_schema.COLUMNS
  WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?`;
/** MariaDB makes a UNIQUE key that is too long for an index from the hash of its columns. */
const HASH_KEYS = `SELECT DISTINCT INDEX_NAME AS name FROM information_schema.STATISTICS
  WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND NON_UNIQUE = 0 AND INDEX_TYPE = 'HASH'`;

interface TableKind {
  readonly isVersioned: boolean;
  /** Undefined for a view. */
  readonly engine: string | undefined;
}

async function readKind(connection: Connection, schema: string, table: string): Promise<TableKind> {
  const [found] = await query<{ type: string; engine: string | null }>(
    connection,
    `SELECT TABLE_TYPE AS type, ENGINE AS engine FROM information_schema.TABLES
      WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?`,
    [schema, table],
  );
  return {
    isVersioned: found?.type.toUpperCase() === 'SYSTEM VERSIONED',
    engine: found?.engine?.toUpperCase(),
  };
}

/** The refusal of SELECT on a table, or on one of its columns. */
const REFUSALS: ReadonlySet<number | undefined> = new Set([1142, 1143]);

// EXPLAIN needs the same privileges, and reads nothing.
async function maySelectAll(connection: Connection, table: string): Promise<boolean> {
  try {
    await query(connection, `EXPLAIN SELECT * FROM ${quoteIdentifier(table)}`, []);
    return true;
  } catch (error) {
    if (REFUSALS.has(toDatabaseError(error).errno)) return false;
    throw error;
  }
}
