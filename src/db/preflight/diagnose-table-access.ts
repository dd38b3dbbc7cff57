import type { Connection } from 'mysql2/promise';
import { toDatabaseError } from '../connection/database-error.js';
import { query } from '../connection/query.js';
import { quoteAccount, readServerSettings, type ServerSettings } from '../connection/server-settings.js';
import { quoteIdentifier } from '../connection/sql-text.js';
import type { Diagnosis } from './diagnosis.js';

type TableName = 'PROCESE' | 'STATUS_PROCESS';

interface Use {
  readonly table: TableName;
  readonly statement: (table: string) => string;
  readonly privilege: string;
}

/** The statements of the service. EXPLAIN requires the same privileges, but changes and logs nothing. */
const USES: readonly Use[] = [
  {
    table: 'PROCESE',
    statement: (table) => `SELECT process_id, process_name FROM ${table}`,
    privilege: 'SELECT',
  },
  {
    table: 'STATUS_PROCESS',
    statement: (table) => `SELECT process_id, alarma, notes FROM ${table}`,
    privilege: 'SELECT',
  },
  {
    table: 'STATUS_PROCESS',
    statement: (table) => `UPDATE ${table} SET alarma = 0, notes = NULL WHERE process_id = 0 AND alarma = 1`,
    privilege: 'UPDATE (alarma, notes)',
  },
];

/** The statements of a service that only reads (`acknowledge = none`). */
const READING = USES.filter(({ privilege }) => privilege === 'SELECT');

/** The GRANTs of sql/grants.sql on the tables, for this account; ready to paste. */
export function tableGrants(database: string, settings: ServerSettings, isWritten = true): string[] {
  return (isWritten ? USES : READING).map(({ privilege, table }) =>
    grant(privilege, database, table, settings),
  );
}

const GRANT_CURES = new Set([1142, 1143]);

/**
 * Whether the service can read alarms in this database and, if it `isWritten`, clear them. The connection must have
 * selected the database.
 *
 * @throws DatabaseError if the server fails in another way than by denying access.
 */
export async function diagnoseTableAccess(
  connection: Connection,
  database: string,
  isWritten = true,
): Promise<readonly Diagnosis[]> {
  const found: Diagnosis[] = [];
  try {
    const settings = await readServerSettings(connection);
    const names = await readTableNames(connection);
    for (const use of isWritten ? USES : READING)
      found.push(...(await diagnoseUse(connection, settings, database, use, names[use.table])));
    if (found.length === 0) found.push(...(await diagnoseIndex(connection, names.STATUS_PROCESS)));
  } catch (error) {
    throw toDatabaseError(error);
  }
  return found;
}

async function diagnoseUse(
  connection: Connection,
  settings: ServerSettings,
  database: string,
  { statement, privilege }: Use,
  table: string,
): Promise<Diagnosis[]> {
  try {
    await query(connection, `EXPLAIN ${statement(quoteIdentifier(table))}`, []);
    return [];
  } catch (error) {
    const failure = toDatabaseError(error);
    if (failure.retryable) throw failure;
    return [
      {
        severity: 'fatal',
        message: failure.message,
        remedy: GRANT_CURES.has(failure.errno ?? 0)
          ? grant(privilege, database, table, settings)
          : (failure.remedy ?? 'run sql/setup.sql'),
      },
    ];
  }
}

/** The names in the case that the server has: an older installation may have lower case. */
async function readTableNames(connection: Connection): Promise<Record<TableName, string>> {
  const rows = await query<{ name: string }>(
    connection,
    `SELECT TABLE_NAME AS name FROM information_schema.TABLES
      WHERE TABLE_SCHEMA = DATABASE() AND UPPER(TABLE_NAME) IN ('STATUS_PROCESS', 'PROCESE')
      ORDER BY TABLE_NAME = BINARY UPPER(TABLE_NAME) DESC, TABLE_NAME`,
    [],
  );
  const nameOf = (table: TableName): string =>
    rows.find(({ name }) => name.toUpperCase() === table)?.name ?? table;
  return { PROCESE: nameOf('PROCESE'), STATUS_PROCESS: nameOf('STATUS_PROCESS') };
}

function grant(privilege: string, database: string, table: string, { account }: ServerSettings): string {
  return `GRANT ${privilege} ON ${quoteIdentifier(database)}.${table} TO ${quoteAccount(account)};`;
}

async function diagnoseIndex(connection: Connection, table: string): Promise<Diagnosis[]> {
  const indexes = await query<{ Column_name: string; Seq_in_index: number }>(
    connection,
    `SHOW INDEX FROM ${quoteIdentifier(table)}`,
    [],
  );
  const leads = indexes.some((index) => index.Column_name === 'alarma' && Number(index.Seq_in_index) === 1);
  if (leads) return [];
  return [
    {
      severity: 'warning',
      message: 'STATUS_PROCESS has no index on alarma: each poll reads the whole table',
      remedy: 'run sql/setup.sql, or CREATE INDEX alarma ON STATUS_PROCESS (alarma);',
    },
  ];
}
